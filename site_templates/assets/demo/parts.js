/* Elements and words; text is only ever set as text. */

/** Return an element with attributes and children; a text among them stays text. */
export function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** Return a number for a reader, with about four significant digits. */
export function shown(number) {
  if (Number.isInteger(number) && Math.abs(number) < 1e9) return String(number).replace("-", "−");
  return Number(number.toPrecision(4)).toString().replace("-", "−");
}

/** Return a probability for a reader, in per cent. */
export function fraction(share) {
  if (share > 0 && share < 0.0005) return "under 0.1 %";
  if (share < 1 && share > 0.9995) return "over 99.9 %";
  return `${(share * 100).toFixed(1)} %`;
}
