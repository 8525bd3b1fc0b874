/* What the model says, told as text and as bars. */

import { element, fraction, shown } from "./parts.js";

const MOST_BARS = 10;
const TIED = "Several known rows are equally near; scikit-learn may choose others of them.";

/** Return the part of the page that shows answers: its node, `tell` an answer, and `lacks` what is missing for one. */
export function answer({ classes, expected }) {
  const said = element("p", { class: "pf-demo__answer" });
  const warned = element("p", { class: "pf-demo__outside" });
  const live = element("div", { role: "status" }, said, warned);
  const bars = element("ul", { class: "pf-demo__bars", "aria-label": "Probability of each class" });
  const node = element("div", { role: "group", "aria-label": "Answer", class: "pf-demo__result" }, live, bars);
  if (classes && !expected.probabilities) bars.replaceWith(element("p", { class: "pf-small" }, "This kind of model gives no probabilities."));
  return {
    node,
    tell({ value, label, probabilities, tied }, outside) {
      say(said, classes ? `The model says: ${classes[label]}` : `The model says: ${shown(value)}`);
      say(warned, [outside, tied && TIED].filter(Boolean).join(" "));
      bars.replaceChildren(...(probabilities ? listed(classes, probabilities) : []));
    },
    lacks(what) {
      say(said, `No answer: ${what}.`);
      say(warned, "");
      bars.replaceChildren();
    },
  };
}

/* A screen reader is told what changed, and nothing where nothing did. */
function say(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

function listed(classes, probabilities) {
  const likely = probabilities.map((_, k) => k).sort((a, b) => probabilities[b] - probabilities[a] || a - b);
  const chosen = likely.slice(0, MOST_BARS).sort((a, b) => a - b);
  return chosen.map((k) => {
    const bar = element("span", { class: "pf-demo__bar", "aria-hidden": "true" }, element("span", {}));
    bar.firstChild.style.inlineSize = `${probabilities[k] * 100}%`;
    const name = element("span", { class: "pf-demo__class" }, classes[k]);
    return element("li", {}, name, bar, element("span", { class: "pf-demo__share" }, fraction(probabilities[k])));
  });
}
