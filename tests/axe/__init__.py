"""How accessible a page is, judged by axe-core in the browser itself (https://github.com/dequelabs/axe-core).

``make test`` installs it; by hand: ``npm ci --prefix tests/axe``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

AXE = Path(__file__).parent / "node_modules/axe-core/axe.min.js"
GRAVE = ("serious", "critical")


def grave(page: Any, *others: str) -> list[str]:
    """Return what axe finds serious or critical on a Playwright page, one line each.

    ``others`` are selectors of parts that are not ours.
    """
    assert AXE.exists(), "axe-core is not installed: make axe"
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "others => axe.run({exclude: others}, {resultTypes: ['violations']})", list(others)
    )
    return [
        f"{rule['impact']} {rule['id']}: {node['target'][-1]} {node['html'][:160]}"
        for rule in found["violations"]
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]
