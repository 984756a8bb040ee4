"""A page around a picture: how good the plan is, the picture, what was not met. No script, no network."""

from __future__ import annotations

from html import escape
from typing import Any

from .style import ALARM, GREY, INK, PALE, SHOWN

LOOKS = f"""
body {{ margin: 0; background: #fff; color: {INK}; font: 15px/1.5 {SHOWN}; }}
main {{ max-width: 1180px; margin: 0 auto; padding: 28px 24px 48px; }}
h1 {{ font-size: 24px; line-height: 1.25; margin: 0 0 2px; }}
h2 {{ font-size: 16px; margin: 28px 0 8px; }}
p {{ margin: 0 0 18px; color: {GREY}; }}
dl {{ display: flex; flex-wrap: wrap; gap: 8px 28px; margin: 0 0 20px; padding: 12px 0; }}
dl {{ border: solid {PALE}; border-width: 1px 0; }}
dt {{ font-size: 12px; color: {GREY}; }}
dd {{ margin: 0; font-size: 18px; font-variant-numeric: tabular-nums; }}
svg {{ width: 100%; height: auto; display: block; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ text-align: left; vertical-align: top; padding: 6px 16px 6px 0; border-top: 1px solid {PALE}; }}
th {{ font-size: 12px; font-weight: 400; color: {GREY}; border: 0; }}
td:first-child {{ white-space: nowrap; color: {ALARM}; font-weight: 700; }}
"""


def page(answer: dict[str, Any], picture: bytes) -> bytes:
    drawn = picture.decode("utf-8")
    inside = drawn[drawn.index("<svg") :]
    title = f"{answer['kind']}: {answer['status']}"
    text = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{LOOKS}</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
<p>{escape(proof(answer))}</p>
<dl>{_terms(answer["value"])}</dl>
{inside}
{_unmet(answer["unmet"])}
</main>
</body>
</html>
"""
    return text.encode("utf-8")


def proof(answer: dict[str, Any]) -> str:
    """How good the plan is known to be, in a sentence."""
    spent = f"found in {answer['seconds']:.1f} s with seed {answer['seed']}"
    if answer["bound"] is None:
        return f"How far from the best is not known; {spent}."
    if answer["status"] == "optimal":
        return f"No plan is better; {spent}."
    return f"No plan can be better by more than {answer['gap']:.2%} (bound {answer['bound']:,.1f}); {spent}."


def _terms(value: dict[str, float]) -> str:
    return "".join(
        f"<div><dt>{escape(name)}</dt><dd>{number:,.1f}</dd></div>" for name, number in value.items()
    )


def _unmet(unmet: list[dict[str, Any]]) -> str:
    if not unmet:
        return ""
    rows = "".join(
        f"<tr><td>{escape(entry['what'])}: {entry['how_many']:,}</td>"
        f"<td>{escape(entry['reason'])}</td><td>{escape(entry['would_help'])}</td></tr>"
        for entry in unmet
    )
    return f"<h2>Not met</h2>\n<table><tr><th>what</th><th>why</th><th>would help</th></tr>{rows}</table>"
