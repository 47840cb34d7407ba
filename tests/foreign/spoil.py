"""Writes a bundle again and again, each time with one character of its evidence changed.

    python3 tests/foreign/spoil.py BUNDLE.json DIRECTORY

Every verifier must reject every file that comes out. The files are named after what was changed:
<field>-<place>.json. Base64 digits change in their highest bit, so the decoded bytes really differ;
anything else becomes an `A`. Hashes are spoilt one character each, texts at every place.
"""

import json
import pathlib
import string
import sys

BASE64 = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"


def changed(text, place):
    old = text[place]
    new = BASE64[(BASE64.index(old) + 32) % 64] if old in BASE64 else "A"
    return text[:place] + new + text[place + 1 :]


def spoilt(bundle):
    """Yields (name, bundle) for every single change."""
    for field, value in bundle.items():
        if isinstance(value, int):
            yield f"{field}-0", {**bundle, field: value + 1}
        elif isinstance(value, str):
            for place in range(len(value)):
                yield f"{field}-{place}", {**bundle, field: changed(value, place)}
        else:
            for number, hash_ in enumerate(value):
                other = changed(hash_, number % 43)
                yield f"{field}-{number}", {**bundle, field: [*value[:number], other, *value[number + 1 :]]}
            yield f"{field}-missing", {**bundle, field: value[:-1]}
            yield f"{field}-extra", {**bundle, field: [*value, value[0]]}


def main():
    source, directory = sys.argv[1], pathlib.Path(sys.argv[2])
    bundle = json.loads(pathlib.Path(source).read_text(encoding="utf-8"))
    directory.mkdir(parents=True, exist_ok=True)
    for name, other in spoilt(bundle):
        (directory / f"{name}.json").write_text(json.dumps(other), encoding="utf-8")


if __name__ == "__main__":
    main()
