/* A pad to draw on for models of small images: ink is laid finely and counted in blocks, one for each pixel. */

import { element } from "./parts.js";

const FINE = 4;
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Return the pad: its node, `read` the row it holds, `outside` in words, and `focus`. */
export function pad({ side, white }, inputs) {
  const wide = side * FINE, ink = new Uint8Array(wide * wide), thick = wide / 18;
  let cursor = [side >> 1, side >> 1], last = null, keyboard = false;
  const canvas = element("canvas", { width: wide, height: wide, tabindex: 0, role: "application", class: "pf-demo__pad",
    "aria-label": `Drawing pad of ${side} by ${side} pixels`, "aria-describedby": "pf-demo-pad-help" });
  const help = element("p", { class: "pf-small", id: "pf-demo-pad-help" },
    "Draw with mouse, pen or finger. By keyboard: arrows move, space draws, backspace erases.");
  const where = element("p", { class: "pf-sr", role: "status" });
  const clear = element("button", { type: "button", class: "pf-button" }, "Clear the pad");
  const node = element("div", { role: "group", "aria-label": "Input of the model" }, canvas, help, where, element("p", {}, clear));

  clear.addEventListener("click", () => changed(ink.fill(0)));
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    keyboard = false;
    last = place(event);
    stroke(last, last);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (last) stroke(last, (last = place(event)));
  });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => (last = null));
  canvas.addEventListener("keydown", (event) => {
    if (!(event.key in KEYS) && event.key !== " " && event.key !== "Backspace") return;
    event.preventDefault();
    keyboard = true;
    if (event.key in KEYS) cursor = cursor.map((at, i) => Math.min(Math.max(at + KEYS[event.key][i], 0), side - 1));
    else fillBlock(event.key === " " ? 1 : 0);
    const full = ink[cursor[1] * FINE * wide + cursor[0] * FINE] ? "ink" : "empty";
    where.textContent = `row ${cursor[1] + 1}, column ${cursor[0] + 1}, ${full}`;
    changed();
  });
  paint();
  return {
    node,
    read: () => ({ row: counted(), lacking: ink.includes(1) ? "" : "the pad is empty" }),
    outside: (found) => found.length ? `Outside the training range: ${found.length} of ${inputs.length} pixels hold more ink than in any training image, so take the answer with care.` : "",
    focus: () => canvas.focus(),
  };

  function place(event) {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * wide, ((event.clientY - box.top) / box.height) * wide];
  }

  function stroke([x0, y0], [x1, y1]) {
    const steps = Math.ceil(Math.hypot(x1 - x0, y1 - y0)) || 1;
    for (let s = 0; s <= steps; s++) dot(x0 + ((x1 - x0) * s) / steps, y0 + ((y1 - y0) * s) / steps);
    changed();
  }

  function dot(x, y) {
    for (let r = Math.max(0, Math.floor(y - thick)); r <= Math.min(wide - 1, y + thick); r++) {
      for (let c = Math.max(0, Math.floor(x - thick)); c <= Math.min(wide - 1, x + thick); c++) {
        if (Math.hypot(c + 0.5 - x, r + 0.5 - y) <= thick) ink[r * wide + c] = 1;
      }
    }
  }

  function fillBlock(value) {
    for (let r = 0; r < FINE; r++) ink.fill(value, (cursor[1] * FINE + r) * wide + cursor[0] * FINE, (cursor[1] * FINE + r) * wide + (cursor[0] + 1) * FINE);
  }

  function counted() {
    const row = new Array(side * side).fill(0);
    ink.forEach((full, i) => (row[Math.floor(i / wide / FINE) * side + Math.floor((i % wide) / FINE)] += full));
    return row.map((count) => Math.round((count / FINE ** 2) * white));
  }

  function changed() {
    paint();
    node.dispatchEvent(new Event("input"));
  }

  function paint() {
    const draw = canvas.getContext("2d"), looks = getComputedStyle(canvas);
    draw.clearRect(0, 0, wide, wide);
    draw.fillStyle = looks.color;
    ink.forEach((full, i) => full && draw.fillRect(i % wide, Math.floor(i / wide), 1, 1));
    if (!keyboard) return;
    draw.strokeStyle = looks.outlineColor;
    draw.strokeRect(cursor[0] * FINE + 0.5, cursor[1] * FINE + 0.5, FINE - 1, FINE - 1);
  }
}
