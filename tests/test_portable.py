"""The stored outputs on an older processor: pytest -m portable"""

import os
import subprocess
import sys

import pytest
from conftest import PATHS, ROOT

pytestmark = pytest.mark.portable


@pytest.mark.parametrize("name", PATHS)
def test_stored_outputs_are_those_of_a_plain_processor(name):
    command = [sys.executable, "-m", "pytest", "-q", str(PATHS[name])]
    plain = {**os.environ, "ATEN_CPU_CAPABILITY": "default"}
    run = subprocess.run(command, cwd=ROOT, env=plain, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout[-5000:]
