/* What a page can do beside being read: cards are filtered, figures enlarged. Without it everything is there. */

/** Return the topics that the address asks for. */
function wanted() {
  return new URLSearchParams(location.search).getAll("topic");
}

/** Show the cards that carry every wanted topic, say how many, and which other topics would still leave one. */
function narrow(filter) {
  const topics = wanted();
  const cards = [...document.querySelectorAll("[data-topics]")];
  const carried = cards.map((card) => JSON.parse(card.dataset.topics));
  const has = (own, asked) => asked.every((topic) => own.includes(topic));
  cards.forEach((card, place) => (card.hidden = !has(carried[place], topics)));
  for (const group of document.querySelectorAll("[data-cards]")) {
    group.hidden = !group.querySelector("[data-topics]:not([hidden])");
  }
  for (const button of filter.querySelectorAll("[data-topic]")) {
    const pressed = topics.includes(button.dataset.topic);
    button.setAttribute("aria-pressed", pressed);
    button.disabled = !pressed && !carried.some((own) => has(own, [...topics, button.dataset.topic]));
  }
  filter.querySelector("[data-clear]").hidden = !topics.length;
  const count = cards.filter((card) => !card.hidden).length;
  const said = topics.length ? `${count} of ${cards.length} projects` : `${cards.length} projects`;
  const status = filter.querySelector("[role=status]");
  if (status.textContent !== said) status.textContent = said;
}

/** Put the topics into the address, which can be shared and gone back to. */
function ask(filter, topics) {
  const address = new URL(location.href);
  address.searchParams.delete("topic");
  for (const topic of topics) address.searchParams.append("topic", topic);
  history.replaceState(history.state, "", address);
  narrow(filter);
}

function pressed(filter, button) {
  const topics = wanted();
  if (button.dataset.clear !== undefined) {
    ask(filter, []);
    filter.querySelector("[data-topic]").focus();
  } else {
    const topic = button.dataset.topic;
    ask(filter, topics.includes(topic) ? topics.filter((other) => other !== topic) : [...topics, topic]);
  }
}

/** Show a figure as large as it may be; the browser keeps the keyboard inside, and Escape closes. */
function enlarge(figure) {
  const image = [...figure.querySelectorAll(".pf-figure__plate img")].find((each) => each.getClientRects().length);
  if (!image) return;
  const dialog = document.createElement("dialog");
  dialog.className = figure.classList.contains("pf-figure--single") ? "pf-large pf-large--single" : "pf-large";
  dialog.setAttribute("aria-label", "Enlarged figure");
  const close = document.createElement("button");
  close.className = "pf-large__close";
  close.textContent = "Close";
  const plate = document.createElement("div");
  plate.className = "pf-large__plate";
  plate.tabIndex = 0;
  plate.setAttribute("role", "group");
  plate.setAttribute("aria-label", "Figure");
  const large = new Image(image.width, image.height);
  Object.assign(large, { src: image.currentSrc || image.src, alt: image.alt });
  plate.append(large);
  dialog.append(close, plate);
  const caption = figure.querySelector("figcaption");
  if (caption) {
    const words = document.createElement("p");
    words.textContent = caption.textContent;
    dialog.append(words);
  }
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target === close) dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  (document.querySelector(".md-typeset") || document.body).append(dialog);
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const filter = event.target.closest("[data-filter]");
  const button = event.target.closest("[data-filter] button");
  const zoom = event.target.closest(".pf-zoom, .pf-figure__plate img");
  if (button) pressed(filter, button);
  if (zoom) {
    event.preventDefault();
    event.stopPropagation();
    enlarge(zoom.closest(".pf-figure"));
  }
}, true);

/** Offer what needs this script, on the page that is shown now. */
function begin() {
  const filter = document.querySelector("[data-filter]");
  if (filter) {
    filter.hidden = false;
    narrow(filter);
  }
}

addEventListener("popstate", begin);
if (window.document$) window.document$.subscribe(begin);
else begin();
