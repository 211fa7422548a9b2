"""Small pictures of what is on a page, compared with those that were kept: a change is told from a different typeface.

Pictures are kept at an eighth of their size, where letters blur into grey and what remains is layout, size and colour.
"""

import base64
import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator

KEPT = Path(__file__).parent / "pictures"
IS_KEEPING = os.environ.get("KEEP_PICTURES") == "1"  # write the pictures instead of comparing
MOST = 30  # of 255: how far a spot of three by three pixels may be from the kept one
COMPARE = """async ([shot, kept]) => {
    const SCALE = 8;
    const read = async text => createImageBitmap(await (await fetch(`data:image/png;base64,${text}`)).blob());
    const drawn = (picture, width, height) => {
        const canvas = new OffscreenCanvas(width, height);
        const brush = canvas.getContext("2d");
        brush.imageSmoothingQuality = "high";
        brush.drawImage(picture, 0, 0, width, height);
        return [canvas, brush.getImageData(0, 0, width, height).data];
    };
    const full = await read(shot);
    let [width, height] = [Math.round(full.width / SCALE), Math.round(full.height / SCALE)];
    const old = kept && await read(kept);
    const isOtherSize = old && (Math.abs(old.width - width) > 1 || Math.abs(old.height - height) > Math.max(2, old.height * 0.06));
    if (old && !isOtherSize) [width, height] = [old.width, old.height];
    const [canvas, now] = drawn(full, width, height);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({type: "image/png"})).arrayBuffer());
    const picture = btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""));
    if (!old) return {picture, fault: "there is no picture to compare with"};
    if (isOtherSize) return {picture, fault: `${width * SCALE} by ${height * SCALE} px, was ${old.width * SCALE} by ${old.height * SCALE}`};
    const before = drawn(old, width, height)[1];
    let [worst, where] = [0, ""];
    for (let top = 0; top < height - 2; top += 1) for (let left = 0; left < width - 2; left += 1) {
        const sums = [0, 0, 0];
        for (let at = 0; at < 9; at += 1) {
            const index = ((top + Math.floor(at / 3)) * width + left + at % 3) * 4;
            for (const colour of [0, 1, 2]) sums[colour] += now[index + colour] - before[index + colour];
        }
        const far = Math.max(...sums.map(Math.abs)) / 9;
        if (far > worst) [worst, where] = [far, `${left * SCALE}, ${top * SCALE}`];
    }
    return {picture, worst, where};
}"""


def change_of(part: Locator, name: str, *, folder: Path = KEPT, is_keeping: bool = IS_KEEPING) -> str:
    """Return how a part of a page differs from its kept picture; "" if it does not, or if pictures are being kept."""
    file = folder / f"{name}.png"
    shot = base64.b64encode(part.screenshot(animations="disabled")).decode()
    kept = base64.b64encode(file.read_bytes()).decode() if file.exists() and not is_keeping else ""
    blank = part.page.context.new_page()  # a page of no site, whose policy lets it read pictures
    found: dict[str, Any] = blank.evaluate(COMPARE, [shot, kept])
    blank.close()
    if is_keeping:
        folder.mkdir(exist_ok=True)
        file.write_bytes(base64.b64decode(found["picture"]))
        return ""
    if "fault" in found:
        return f"{name}: {found['fault']}"
    return f"{name}: differs by {found['worst']:.0f} near {found['where']}" if found["worst"] > MOST else ""
