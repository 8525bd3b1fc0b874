/* A model file is believed once it is what the page names, says what it should, and computes what scikit-learn did. */

import { predict } from "./predict.js";

export const AGREES = 1e-6;
/* The largest difference to scikit-learn at which the form is shown: absolute, or relative for values beyond 1. */

/** Return the bytes as a document; throws with a reader's words for why not. */
export async function read(bytes, digest) {
  if (digest && globalThis.crypto?.subtle && (await sha256(bytes)) !== digest) {
    throw new Error("the model file is not the one this page was made with");
  }
  let found;
  try {
    found = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Error("the model file is cut short or damaged");
  }
  const wrong = complaint(found);
  if (wrong) throw new Error(`the model file contradicts itself: ${wrong}`);
  return found;
}

/** Return the row as the model takes it: a missing number is NaN. */
export function prepared(inputs, row) {
  return row.map((cell, i) => (cell === null && inputs[i].type === "number" ? NaN : cell));
}

/** Return the largest difference to scikit-learn over the document's rows, infinite where a label differs; and over how
    many: rows with equally near neighbours have more than one right answer. */
export function difference({ model, inputs, rows, expected }) {
  let worst = 0, compared = 0;
  const note = (given, wanted) => {
    const apart = Math.abs(given - wanted) / Math.max(1, Math.abs(wanted));
    worst = apart >= 0 ? Math.max(worst, apart) : Infinity;
  };
  rows.forEach((row, r) => {
    const said = predict(model, prepared(inputs, row));
    if (said.tied) return;
    compared += 1;
    if (expected.values) return note(said.value, expected.values[r]);
    if (said.label !== expected.labels[r]) worst = Infinity;
    if (Boolean(said.probabilities) !== Boolean(expected.probabilities)) worst = Infinity;
    else expected.probabilities?.[r].forEach((wanted, k) => note(said.probabilities[k], wanted));
  });
  return { worst: compared ? worst : Infinity, compared };
}

/** Return whether a cell lies within what the training data had. */
export function within(input, cell) {
  if (cell === null || cell !== cell) return input.missing;
  if (input.type === "number") return typeof cell === "number" && input.min <= cell && cell <= input.max;
  return input.values.includes(cell);
}

async function sha256(bytes) {
  const summed = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(summed), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* What is wrong with a document, or nothing. */
function complaint({ format, inputs, classes, rows, expected, model, image }) {
  if (format !== 1 || !model?.kind) return "it has another format";
  if (!filled(inputs) || !inputs.every(isInput)) return "its inputs are not described";
  if (image && image.side ** 2 !== inputs.length) return "its inputs make no image";
  if (!filled(rows) || !rows.every((row) => Array.isArray(row) && row.length === inputs.length)) {
    return "its rows have not as many columns as it has inputs";
  }
  if (!rows.every((row) => row.every((cell, i) => within(inputs[i], cell)))) return "its rows lie outside of its ranges";
  if (!expected) return "it does not say what is expected";
  if (expected.values) return classes || !numbers(expected.values, rows.length) ? "its expected values are amiss" : "";
  if (!filled(classes) || !numbers(expected.labels, rows.length)) return "its classes are amiss";
  if (!expected.labels.every((label) => label in classes)) return "it expects a class it does not name";
  const shares = expected.probabilities;
  const fits = !shares || (shares.length === rows.length && shares.every((each) => numbers(each, classes.length)));
  return fits ? "" : "its expected probabilities are amiss";
}

function isInput(input) {
  if (typeof input?.name !== "string") return false;
  if (input.type === "category") return filled(input.values) && input.values.every((each) => typeof each === "string");
  return input.type === "number" && Number.isFinite(input.min) && Number.isFinite(input.max) && input.min <= input.max;
}

function filled(list) {
  return Array.isArray(list) && list.length > 0;
}

function numbers(list, length) {
  return Array.isArray(list) && list.length === length && list.every(Number.isFinite);
}
