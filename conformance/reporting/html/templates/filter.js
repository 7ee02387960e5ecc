(() => {
  const form = document.querySelector(".filter");
  const rows = [...document.querySelectorAll("[data-verdict]")];
  const families = [...document.querySelectorAll(".family")];
  const text = new Map(rows.map((row) => [row, row.dataset.rule.toLowerCase() + " " + row.textContent.toLowerCase()]));
  const fields = ["q", "verdict", "level"];
  const matches = (row, wanted) =>
    (!wanted.verdict || row.dataset.verdict.split(" ").includes(wanted.verdict)) &&
    (!wanted.level || row.dataset.level === wanted.level) &&
    wanted.q.toLowerCase().split(/\s+/).every((word) => text.get(row).includes(word));
  const apply = () => {
    const wanted = Object.fromEntries(fields.map((name) => [name, form.elements[name].value.trim()]));
    for (const row of rows) row.hidden = !matches(row, wanted);
    for (const family of families) family.hidden = !family.querySelector("tr[data-verdict]:not([hidden])");
    const shown = document.querySelectorAll("tr[data-verdict]:not([hidden])").length;
    form.elements.shown.value = `${shown} of ${document.querySelectorAll("tr[data-verdict]").length} rules shown`;
    return wanted;
  };
  const remember = (wanted) => {
    const query = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value)).toString();
    try { history.replaceState(null, "", (query ? "?" + query : location.pathname) + location.hash); } catch { /* a viewer without history */ }
  };
  const reveal = () => {
    const row = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (row && row.closest("[hidden]")) { form.reset(); remember(apply()); row.scrollIntoView(); }
  };
  const given = new URLSearchParams(location.search);
  for (const name of fields) if (given.get(name)) form.elements[name].value = given.get(name);
  form.hidden = false;
  apply();
  form.addEventListener("input", () => remember(apply()));
  form.addEventListener("reset", () => setTimeout(() => remember(apply())));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", reveal);
  reveal();
})();
