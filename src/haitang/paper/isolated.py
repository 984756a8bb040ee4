"""Run as a program: typesets a template with the values from its input and writes the PDF to its output.

The compiler keeps what it made in case it is asked again, and gives nothing back: a compound's cards leave a quarter of
a gigabyte behind. So each paper gets a process of its own. Imports nothing of ours: that keeps its start short.
"""

import sys
from typing import NoReturn

import typst


def main() -> None:
    """Exit code 0 with the PDF, or 3 with the compiler's words when it errs or warns."""
    template, root, fonts, family = sys.argv[1:]
    compiler = typst.Compiler(
        template,
        root=root,
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts]),
        ignore_system_fonts=True,
        sys_inputs={"values": sys.stdin.buffer.read().decode(), "family": family},
    )
    try:
        # Tags, for those who listen, would make a list twenty times as large; the pages say the same to them.
        pdf, warnings = compiler.compile_with_warnings(format="pdf", pdf_tags=False)
    except typst.TypstError as fault:
        give_up([fault.message])
    if warnings or not isinstance(pdf, bytes):
        give_up([warning.message for warning in warnings])
    sys.stdout.buffer.write(pdf)


def give_up(words: list[str]) -> NoReturn:
    sys.stderr.buffer.write("; ".join(words).encode())
    sys.exit(3)


if __name__ == "__main__":
    main()
