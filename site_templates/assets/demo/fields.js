/* One field for each input: a number with a slider over the training range, or a choice. */

import { element, shown } from "./parts.js";

let made = 0;

/** Return the form: its node, `read` the row it holds, `outside` in words, and `focus`. */
export function fields(inputs, rows) {
  const each = inputs.map((input) => (input.type === "number" ? numberField(input) : choice(input)));
  let next = 0;
  const fill = (row) => each.forEach((field, i) => field.fill(row[i]));
  const draw = button("Draw another example", () => fill(rows[(next = (next + 1) % rows.length)]));
  const usual = button("Typical values", () => fill(inputs.map(({ typical }) => typical ?? null)));
  const about = element("p", { class: "pf-small" }, "Begins with an example drawn at random within the training ranges, not taken from the data.");
  const node = element("div", { role: "group", "aria-label": "Inputs of the model" }, about,
    element("p", { class: "pf-demo__buttons" }, draw, usual), element("div", { class: "pf-demo__fields" }, ...each.map((field) => field.node)));
  fill(rows[0]);
  return {
    node,
    read() {
      const row = each.map((field) => field.read());
      const empty = inputs.filter((_, i) => row[i] === undefined).map(({ name }) => name);
      return { row, lacking: empty.length ? `a number is wanted for ${empty.join(", ")}` : "" };
    },
    outside(found) {
      each.forEach((field, i) => field.mark(found.includes(inputs[i])));
      const names = found.map(({ name }) => name).join(", ");
      return names && `Outside the training range: ${names}. The model saw no such value in training, so take its answer there with care.`;
    },
    focus: () => each[0].focus(),
  };

  function button(label, act) {
    const found = element("button", { type: "button", class: "pf-button" }, label);
    found.addEventListener("click", () => {
      act();
      node.dispatchEvent(new Event("change"));
    });
    return found;
  }
}

function numberField({ name, min, max, integer, missing }) {
  const id = `pf-demo-${++made}`;
  const step = integer ? 1 : (max - min) / 200;
  const number = element("input", { id, type: "number", step: "any", "aria-describedby": `${id}-range`, autocomplete: "off" });
  const slider = element("input", { type: "range", min, max, step, "aria-label": `${name}, slider`, disabled: min === max });
  const range = element("span", { id: `${id}-range`, class: "pf-small" }, `${shown(min)} to ${shown(max)} in training`);
  const gone = missing ? element("input", { type: "checkbox", id: `${id}-gone` }) : null;
  const isGone = () => Boolean(gone?.checked);
  number.addEventListener("input", () => (slider.value = number.value));
  slider.addEventListener("input", () => (number.value = Number(Number(slider.value).toPrecision(6))));
  gone?.addEventListener("input", show);
  function show() {
    number.disabled = isGone();
    slider.disabled = isGone() || min === max;
  }
  const node = element("div", { class: "pf-demo__field" }, element("label", { for: id }, name), number, slider, range);
  if (gone) node.append(element("label", { class: "pf-demo__gone" }, gone, " missing"));
  return {
    node,
    fill(cell) {
      if (gone) gone.checked = cell === null;
      if (cell !== null) number.value = slider.value = cell;
      show();
      if (cell !== null) number.value = cell;
    },
    read: () => (isGone() ? null : number.value === "" || !Number.isFinite(number.valueAsNumber) ? undefined : number.valueAsNumber),
    mark: (isOutside) => node.classList.toggle("pf-demo__field--outside", isOutside),
    focus: () => number.focus(),
  };
}

function choice({ name, values, missing }) {
  const id = `pf-demo-${++made}`;
  const select = element("select", { id }, ...values.map((value, i) => element("option", { value: i }, value)));
  if (missing) select.append(element("option", { value: "" }, "(missing)"));
  return {
    node: element("div", { class: "pf-demo__field" }, element("label", { for: id }, name), select),
    fill: (cell) => (select.value = cell === null ? "" : values.indexOf(cell)),
    read: () => (select.value === "" ? null : values[select.value]),
    mark() {},
    focus: () => select.focus(),
  };
}
