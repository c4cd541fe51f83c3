/* Draws the charts of a page with plotly, over the drawings that stand there without it. Colours
   and fonts are the stylesheet's, in the reader's light or dark. Nothing moves, so there is nothing
   to still for those who ask for less motion. On paper it is the drawings that are printed. */

"use strict";

const NAMED = /^var\((--[\w-]+)\)$/;
const dark = matchMedia("(prefers-color-scheme: dark)");

/* The same with what the stylesheet's names stand for. Only colours and fonts have names. */
function painted(value, key, styles) {
  if (Array.isArray(value)) return value.map((item) => painted(item, key, styles));
  if (value && typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, painted(inner, name, styles)]),
    );
  }
  const named = /(color|family)$/.test(key) && NAMED.exec(value);
  return named ? styles.getPropertyValue(named[1]).trim() : value;
}

function show(chart) {
  const given = JSON.parse(document.getElementById(chart.dataset.chart).textContent);
  const place = document.createElement("div");
  place.className = "chart-live";
  chart.append(place);

  const draw = () => {
    const styles = getComputedStyle(document.documentElement);
    const { data, layout, config } = painted(given, "", styles);
    return window.Plotly.react(place, data, layout, config);
  };
  draw().then(() => chart.classList.add("is-live"));
  dark.addEventListener("change", draw);
}

if (window.Plotly) {
  for (const chart of document.querySelectorAll("[data-chart]")) show(chart);
}
