// The graph of a pool: sites in the middle, their lines around them, numbers outside; drawn by Cytoscape, told by the table below it too.
"use strict";

const canvas = document.getElementById("graph");

function colour(name) {
  const probe = document.createElement("i");
  probe.className = "graph-" + name;
  canvas.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function draw(told) {
  const elements = told.nodes.map((node) => ({ data: node }));
  told.edges.forEach((edge, n) => elements.push({ data: { id: "e" + n, ...edge } }));
  const ink = colour("ink");
  const of = (kind, shape, size, fill) => ({
    selector: `node[kind = "${kind}"]`,
    style: { shape, width: size, height: size, "background-color": fill },
  });
  const most = Math.max(1, ...told.edges.map((edge) => edge.calls));
  const named = told.nodes.length <= 120;
  const graph = cytoscape({
    container: canvas,
    elements,
    style: [
      { selector: "node", style: { label: named ? "data(name)" : "", color: ink, "font-size": 9, "text-valign": "bottom", "text-margin-y": 2 } },
      { selector: 'node[kind != "number"]', style: { label: "data(name)" } },
      { selector: "edge", style: { "line-color": colour("edge"), width: `mapData(calls, 1, ${most + 1}, 0.6, 4)`, opacity: 0.55, "curve-style": "haystack" } },
      of("number", "ellipse", 10, colour("number")),
      of("line", "rectangle", 14, colour("line")),
      of("trunk", "rectangle", 18, colour("line")),
      of("site", "diamond", 26, colour("site")),
      { selector: ".off", style: { opacity: 0.08 } },
    ],
    layout: {
      name: "concentric",
      concentric: (node) => ({ site: 3, trunk: 2, line: 2, number: 1 })[node.data("kind")],
      levelWidth: () => 1,
      minNodeSpacing: told.nodes.length > 200 ? 3 : 12,
      animate: false,
    },
    minZoom: 0.1,
    maxZoom: 6,
  });
  graph.on("tap", "node", (event) => {
    graph.elements().addClass("off");
    event.target.closedNeighborhood().union(event.target.closedNeighborhood().closedNeighborhood('node[kind != "number"]')).removeClass("off");
    document.getElementById("picked").textContent = event.target.data("name") + ": " + event.target.data("calls");
  });
  graph.on("tap", (event) => {
    if (event.target === graph) graph.elements().removeClass("off");
  });
  const zoom = (factor) => graph.zoom({ level: graph.zoom() * factor, renderedPosition: { x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 } });
  document.getElementById("closer").addEventListener("click", () => zoom(1.4));
  document.getElementById("farther").addEventListener("click", () => zoom(1 / 1.4));
  document.getElementById("whole").addEventListener("click", () => graph.fit(undefined, 20));
  document.getElementById("graph-tools").hidden = false;
  canvas.dataset.nodes = String(graph.nodes().length);
}

fetch(canvas.dataset.from, { headers: { Accept: "application/json" } })
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
  .then(draw)
  .catch(() => catflap.lost(true));
