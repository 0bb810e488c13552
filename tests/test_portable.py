"""The stored outputs on an older processor: pytest -m portable"""

import os
import subprocess
import sys

import pytest
from course import PATHS, ROOT, every_notebook

pytestmark = pytest.mark.portable


@every_notebook
def test_stored_outputs_are_those_of_a_plain_processor(name):
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", PATHS[name]]
    plain = {**os.environ, "ATEN_CPU_CAPABILITY": "default"}
    run = subprocess.run(command, cwd=ROOT, env=plain, capture_output=True, text=True)
    assert run.returncode == 0 and "passed" in run.stdout, run.stdout[-5000:]
