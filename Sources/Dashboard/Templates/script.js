// Small comforts; every page is whole without them.
"use strict";
// A choice in a filter is taken at once.
for (const select of document.querySelectorAll("form.filters select"))
  select.addEventListener("change", () => select.form.requestSubmit());
// "/" goes to the search, as people are used to.
document.addEventListener("keydown", (event) => {
  const search = document.querySelector('input[type="search"]');
  if (event.key !== "/" || !search || /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return;
  event.preventDefault();
  search.focus();
});
