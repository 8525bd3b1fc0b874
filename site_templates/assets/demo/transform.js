/* scikit-learn's fitted transformers on one row. A row holds numbers, texts and, where a value is missing, NaN or null.
   The nodes are written by portfolio/demo/transformers.py. */

export const isMissing = (value) => value === null || value !== value;

const same = (value, known) => (isMissing(known) ? isMissing(value) : value === known);

const KINDS = {
  steps: ({ steps }, row) => transformed(steps, row),

  columns: ({ parts }, row) =>
    parts.flatMap(({ columns, steps }) => transformed(steps, columns.map((column) => row[column]))),

  impute: ({ missing, values, flagged }, row) => {
    const gone = row.map((value) => same(value, missing));
    return [...row.map((value, i) => (gone[i] ? values[i] : value)), ...flagged.map((i) => (gone[i] ? 1 : 0))];
  },

  scale: ({ minus, divide }, row) => row.map((value, i) => (value - minus[i]) / divide[i]),

  stretch: ({ by, plus, clip }, row) =>
    row.map((value, i) => {
      const moved = value * by[i] + plus[i];
      return clip && moved === moved ? Math.min(Math.max(moved, clip[0]), clip[1]) : moved;
    }),

  one_hot: ({ categories, drop, unknown }, row) =>
    row.flatMap((value, i) => {
      const at = place(categories[i], value);
      if (at < 0 && unknown === "error") throw new Error(`the model does not know the category ${value}`);
      const flags = categories[i].map((_, k) => (k === at ? 1 : 0));
      return drop[i] === null ? flags : flags.filter((_, k) => k !== drop[i]);
    }),

  ordinal: ({ categories, unknown, unknown_value, missing_value }, row) =>
    row.map((value, i) => {
      const at = place(categories[i], value);
      if (at < 0 && unknown === "error") throw new Error(`the model does not know the category ${value}`);
      if (at < 0) return unknown_value === null ? NaN : unknown_value;
      if (isMissing(value)) return missing_value === null ? NaN : missing_value;
      return at;
    }),

  project: ({ mean, onto, divide }, row) =>
    onto.map((axis, k) => sum(axis.map((weight, i) => (row[i] - mean[i]) * weight)) / divide[k]),

  multiply: ({ of }, row) => of.map((columns) => columns.reduce((product, i) => product * row[i], 1)),
};

/** Return the row after every step; throws on a step that is not known. */
export function transformed(steps, row) {
  return steps.reduce((now, step) => {
    if (!Object.hasOwn(KINDS, step.kind)) throw new Error(`unknown step ${step.kind}`);
    return KINDS[step.kind](step, now);
  }, row);
}

function sum(numbers) {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

function place(known, value) {
  return known.findIndex((category) => same(value, category));
}
