"""Data, pictures and checks for the course; what is taught stays in the notebooks."""

from .data import *
from .drawing import *
from .explorers import *
from .lessons.char_hihell import *
from .lessons.elman_sine import *
from .lessons.recurrence_without_waiting import *
from .lessons.remembering_longer import *
from .lessons.sentence_completion import *
from .lessons.summing_rnn import *
from .lessons.was_it_luck import *
from .ngrams import *
from .plotting import *
from .show import *
