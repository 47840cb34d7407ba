"""What python-stdnum, which nobody here wrote, says of credit codes and citizen ids.

    python3 tests/python/verdicts.py < LINES

Each line is `uscc VALUE` or `citizen_id VALUE`. For each, one line: `ok`, or the name of the error.
"""

import sys

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

MODULES = {"uscc": uscc, "citizen_id": ric}


def verdict(line):
    kind, value = line.split(" ", 1)
    try:
        MODULES[kind].validate(value)
    except ValidationError as error:
        return type(error).__name__
    return "ok"


for line in sys.stdin:
    print(verdict(line.rstrip("\n")))
