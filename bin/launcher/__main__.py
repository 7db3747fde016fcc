import sys
from pathlib import Path

# Python runs isolated here (-I), so that a stray PYTHONPATH cannot replace a module of ours.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from launcher.cli import main

sys.exit(main(sys.argv[1:]))
