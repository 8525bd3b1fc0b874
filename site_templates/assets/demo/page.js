/* Opens the demo: loads the model file, tests it, and shows the form, or says why not. */

import { AGREES, difference, prepared, read, within } from "./check.js";
import { fields } from "./fields.js";
import { pad } from "./pad.js";
import { element } from "./parts.js";
import { predict } from "./predict.js";
import { answer } from "./answer.js";

/** Load and open the demo of which `place` is the frame; the model file is the only further request. */
export async function open(place) {
  const said = element("p", { role: "status", class: "pf-demo__state" }, "Loading the model …");
  place.querySelector(".pf-demo__offer").replaceWith(said);
  try {
    const content = await loaded(place.dataset);
    said.textContent = agreement(content, tested(content));
    show(place, content);
  } catch (error) {
    said.textContent = `The model cannot be tried here: ${error.message}.`;
    place.classList.add("pf-demo--refused");
  }
}

async function loaded({ demo, sha256 }) {
  let bytes;
  try {
    const response = await fetch(demo);
    if (!response.ok) throw new Error();
    bytes = await response.arrayBuffer();
  } catch {
    throw new Error("its file could not be loaded");
  }
  return read(bytes, sha256);
}

function tested(content) {
  let found;
  try {
    found = difference(content);
  } catch {
    throw new Error("it could not be computed on the rows it was to be tested on");
  }
  const { worst } = found;
  if (worst === Infinity) throw new Error("it answers otherwise than scikit-learn did on the same rows");
  if (worst > AGREES) throw new Error(`its answers are up to ${exact(worst)} away from scikit-learn's on the same rows`);
  return found;
}

function agreement({ versions, expected }, { worst, compared }) {
  const what = expected.values ? "values" : expected.probabilities ? "labels and probabilities" : "labels";
  const version = versions?.["scikit-learn"] ?? "";
  const found = worst === 0 ? "no difference" : `the largest difference is ${exact(worst)}`;
  const how = expected.labels && !expected.probabilities ? "all agree" : found;
  return `Just tested: ${what} for ${compared} drawn rows, computed here and by scikit-learn ${version}: ${how}.`;
}

function exact(worst) {
  return worst.toExponential(0).replace("e-", "\u00a0×\u00a010⁻").replace(/⁻(\d+)/, (_, digits) =>
    `⁻${digits.replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit])}`);
}

function show(place, content) {
  const { inputs, model, image, rows } = content;
  const result = answer(content);
  const asked = image ? pad(image, inputs) : fields(inputs, rows);
  let waiting = 0;
  const update = () => {
    const { row, lacking } = asked.read();
    if (lacking) return result.lacks(lacking);
    const outside = inputs.filter((input, i) => !within(input, row[i]));
    try {
      result.tell(predict(model, prepared(inputs, row)), asked.outside(outside));
    } catch (error) {
      result.lacks(error.message);
    }
  };
  asked.node.addEventListener("change", update);
  asked.node.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(update, 120);
  });
  place.append(element("div", { class: "pf-demo__form" }, asked.node, result.node), kept(content));
  update();
  asked.focus();
}

function kept({ training_rows: held }) {
  return element("p", { class: "pf-small" }, held ? `Models of this kind keep rows: the file holds ${held} of those it was fitted on, as the model sees them.` : "");
}

