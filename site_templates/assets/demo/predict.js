/* scikit-learn's fitted models on one row, from the nodes that portfolio/demo/ writes.
   A model gives { value } or { label, probabilities, decision }: label counts from 0 in the order of the classes;
   probabilities are null where scikit-learn's predict_proba does not exist. `tied` marks a row to which more neighbours
   are equally near than count: scikit-learn takes whichever its search meets first, which is not known here. */

import { transformed } from "./transform.js";

const TIE = 1e-12;
const KINDS = { chain, linear, gaussian, neighbors, kernel, network, forest, boosted, voting, calibrated };

/** Return what the model says of a row; throws where the model or the row is not as it should be. */
export function predict(model, row) {
  if (!Object.hasOwn(KINDS, model.kind)) throw new Error(`unknown model ${model.kind}`);
  return KINDS[model.kind](model, row);
}

function chain({ before, last }, row) {
  return predict(last, transformed(before, row));
}

function linear({ weights, plus, link }, row) {
  const scores = weights.map((each, k) => dot(each, row) + plus[k]);
  if (link === "identity") return { value: scores[0] };
  if (link === "logit") return twoClasses(scores[0], logistic(scores[0]));
  if (link === "softmax") return ofProbabilities(softmax(scores), scores, largest(scores));
  return ofProbabilities(null, scores, scores.length > 1 ? largest(scores) : Number(scores[0] > 0));
}

function gaussian({ mean, variance, prior }, row) {
  const joint = prior.map((start, k) => {
    let logs = 0, squares = 0;
    row.forEach((value, i) => {
      logs += Math.log(2 * Math.PI * variance[k][i]);
      squares += (value - mean[k][i]) ** 2 / variance[k][i];
    });
    return start - 0.5 * logs - 0.5 * squares;
  });
  return ofProbabilities(softmax(joint), null, largest(joint));
}

function neighbors({ rows, targets, n, power, by_distance, n_classes }, row) {
  const far = rows.map((known) => distance(known, row, power));
  const order = far.map((_, i) => i).sort((a, b) => far[a] - far[b] || a - b);
  const near = order.slice(0, n);
  const tied = order.length > n && far[order[n - 1]] >= far[order[n]] * (1 - TIE);
  const touches = near.some((i) => far[i] === 0);
  const weights = near.map((i) => (by_distance ? (touches ? Number(far[i] === 0) : 1 / far[i]) : 1));
  const total = sum(weights);
  if (n_classes === null) return { value: sum(near.map((i, k) => targets[i] * weights[k])) / total, tied };
  const votes = new Array(n_classes).fill(0);
  near.forEach((i, k) => (votes[targets[i]] += weights[k]));
  return { ...ofProbabilities(votes.map((vote) => vote / total), null, largest(votes)), tied };
}

function kernel({ kernel: name, gamma, coef0, degree, vectors, weights, plus, of_class, one_vs_one, break_ties }, row) {
  const values = vectors.map((vector) => {
    if (name === "rbf") return Math.exp(-gamma * vector.reduce((all, value, i) => all + (value - row[i]) ** 2, 0));
    const product = dot(vector, row);
    if (name === "linear") return product;
    return name === "poly" ? (gamma * product + coef0) ** degree : Math.tanh(gamma * product + coef0);
  });
  if (of_class === null) return { value: dot(weights[0], values) + plus[0] };
  if (of_class.length === 2) {
    const score = dot(weights[0], values) + plus[0];
    return ofProbabilities(null, [score], Number(score > 0));
  }
  return oneVersusOne(pairwise(weights, values, plus, of_class), of_class.length, one_vs_one, break_ties);
}

/* Chang and Lin, LIBSVM: a support vector of class i weighs weights[j - 1] against a later class j, weights[j] against
   an earlier one. */
function pairwise(weights, values, plus, of_class) {
  const starts = [0];
  for (const n of of_class) starts.push(starts.at(-1) + n);
  const scores = [];
  for (let i = 0; i < of_class.length; i++) {
    for (let j = i + 1; j < of_class.length; j++) {
      let score = 0;
      for (let s = starts[i]; s < starts[i + 1]; s++) score += weights[j - 1][s] * values[s];
      for (let s = starts[j]; s < starts[j + 1]; s++) score += weights[i][s] * values[s];
      scores.push([i, j, score + plus[scores.length]]);
    }
  }
  return scores;
}

function oneVersusOne(scores, n, one_vs_one, break_ties) {
  const votes = new Array(n).fill(0), confidences = new Array(n).fill(0);
  for (const [i, j, score] of scores) {
    votes[score > 0 ? i : j] += 1;
    confidences[i] += score;
    confidences[j] -= score;
  }
  const ovr = votes.map((vote, k) => vote + confidences[k] / (3 * (Math.abs(confidences[k]) + 1)));
  const decision = one_vs_one ? scores.map(([, , score]) => score) : ovr;
  return ofProbabilities(null, decision, largest(break_ties ? ovr : votes));
}

function network({ layers, plus, activation, link, classify }, row) {
  let now = row;
  layers.forEach((layer, depth) => {
    now = layer.map((weights, k) => dot(weights, now) + plus[depth][k]);
    if (depth < layers.length - 1) now = activated(now, activation);
  });
  now = activated(now, link);
  if (!classify) return { value: now[0] };
  if (now.length === 1) return ofProbabilities([1 - now[0], now[0]], null, Number(now[0] > 0.5));
  return ofProbabilities(now, null, largest(now));
}

function activated(values, name) {
  if (name === "softmax") return softmax(values);
  const each = { identity: (x) => x, relu: (x) => Math.max(x, 0), tanh: Math.tanh, logistic }[name];
  return values.map(each);
}

function forest({ trees, classify }, row) {
  const single = row.map(Math.fround);
  const total = [...leaf(trees[0], single)];
  for (let t = 1; t < trees.length; t++) leaf(trees[t], single).forEach((value, k) => (total[k] += value));
  const mean = total.map((value) => value / trees.length);
  return classify ? ofProbabilities(mean, null, largest(mean)) : { value: mean[0] };
}

function boosted({ start, rate, rounds, link, single }, row) {
  const seen = single ? row.map(Math.fround) : row;
  const raw = [...start];
  for (const round of rounds) round.forEach((tree, k) => (raw[k] += rate * leaf(tree, seen)[0]));
  if (link === "identity") return { value: raw[0] };
  if (link === "log") return { value: Math.exp(raw[0]) };
  if (raw.length > 1) return ofProbabilities(softmax(raw), raw, largest(raw));
  const second = logistic(link === "logit2" ? 2 * raw[0] : raw[0]);
  return { ...twoClasses(raw[0], second), label: Number(single ? raw[0] >= 0 : second > 1 - second) };
}

function leaf(tree, row) {
  let node = tree.feature.length ? 0 : -1;
  while (node >= 0) {
    const value = row[tree.feature[node]];
    const goesLeft = value !== value ? tree.missing_left.includes(node) : value <= tree.at_most[node];
    node = (goesLeft ? tree.left : tree.right)[node];
  }
  return tree.values[-1 - node];
}

function voting({ members, weights, vote }, row) {
  const said = members.map((member) => predict(member, row));
  const total = sum(weights), tied = said.some((each) => each.tied);
  if (vote === "mean") return { value: sum(said.map(({ value }, m) => value * weights[m])) / total, tied };
  if (vote === "hard") {
    const votes = [];
    said.forEach(({ label }, m) => (votes[label] = (votes[label] ?? 0) + weights[m]));
    return { ...ofProbabilities(null, null, largest(Array.from(votes, (each) => each ?? 0))), tied };
  }
  const mean = said[0].probabilities.map((_, k) => sum(said.map((each, m) => each.probabilities[k] * weights[m])) / total);
  return { ...ofProbabilities(mean, null, largest(mean)), tied };
}

function calibrated({ of, by, calibrators }, row) {
  const said = predict(of, row);
  const scores = by === "probabilities" && calibrators.length === 1 ? [said.probabilities[1]] : said[by];
  const each = calibrators.map((calibrator, k) => calibrate(calibrator, scores[k]));
  const total = sum(each), n = each.length;
  const probabilities = n === 1 ? [1 - each[0], each[0]] : each.map((value) => (total === 0 ? 1 / n : value / total));
  return { ...ofProbabilities(probabilities, null, largest(probabilities)), tied: said.tied };
}

function calibrate({ kind, a, b, x, y }, score) {
  if (kind === "sigmoid") return logistic(-(a * score + b));
  if (score <= x[0] || x.length === 1) return y[0];
  const above = x.findIndex((each) => score <= each);
  if (above < 0) return y.at(-1);
  return y[above - 1] + ((y[above] - y[above - 1]) / (x[above] - x[above - 1])) * (score - x[above - 1]);
}

function twoClasses(score, second) {
  return ofProbabilities([1 - second, second], [score], Number(score > 0));
}

function ofProbabilities(probabilities, decision, label) {
  return { label, probabilities, decision };
}

function dot(left, right) {
  let total = 0;
  for (let i = 0; i < left.length; i++) total += left[i] * right[i];
  return total;
}

function sum(numbers) {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

function distance(left, right, power) {
  let total = 0;
  for (let i = 0; i < left.length; i++) {
    const apart = Math.abs(left[i] - right[i]);
    total += power === 2 ? apart * apart : apart ** power;
  }
  return power === 2 ? Math.sqrt(total) : total ** (1 / power);
}

function logistic(x) {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const small = Math.exp(x);
  return small / (1 + small);
}

function softmax(scores) {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const total = sum(powers);
  return powers.map((power) => power / total);
}

function largest(values) {
  return values.reduce((best, value, k) => (value > values[best] ? k : best), 0);
}
