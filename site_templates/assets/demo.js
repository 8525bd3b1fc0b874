/* Offers to try a project's model; everything else is loaded once a reader asks. */

for (const place of document.querySelectorAll("[data-demo]")) {
  const [note, offer, button] = [".pf-demo__needs", ".pf-demo__offer", "button"].map((each) => place.querySelector(each));
  note.hidden = true;
  offer.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      (await import("./demo/page.js")).open(place);
    } catch {
      note.textContent = "The model could not be loaded. Reload the page to try again.";
      note.hidden = false;
      offer.hidden = true;
    }
  });
}
