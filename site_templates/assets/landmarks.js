/* The theme puts a row of buttons above each block of code and calls it navigation, all by the same name, none: a
   screen reader would list them among the parts of the page. They are not; the buttons in them stay what they are. */

function quiet() {
  for (const row of document.querySelectorAll("nav.md-code__nav:not([role])")) row.setAttribute("role", "none");
}

new MutationObserver(quiet).observe(document.body, { childList: true, subtree: true });
quiet();
