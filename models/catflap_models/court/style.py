"""The report's style sheet: one column, light and dark by the reader's setting, fit for print."""

CSS = """
:root{--bg:#fbfbf9;--card:#fff;--text:#1d2530;--soft:#5b6675;--line:#dfe3e8;--accent:#1f5fa8;--good:#1b7a4b;--bad:#b3261e;--mark:#fff4d6}
@media (prefers-color-scheme:dark){:root{--bg:#12161c;--card:#1a2028;--text:#e6eaf0;--soft:#9aa6b5;--line:#2d3643;--accent:#7ab3f0;
--good:#5fca95;--bad:#ff8a80;--mark:#3a3216}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:16px/1.55 system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif}
main{max-width:60rem;margin:0 auto;padding:2.5rem 1.25rem 5rem}
h1{font-size:2rem;line-height:1.2;margin:0 0 .6rem;letter-spacing:-.01em}
h2{font-size:1.4rem;line-height:1.3;margin:0 0 1rem}
a{color:var(--accent)}
.lead{font-size:1.12rem;max-width:46rem;margin:0 0 1.2rem}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(12rem,1fr));gap:.5rem 1.2rem;margin:0;padding:1rem 0;
border-top:1px solid var(--line);border-bottom:1px solid var(--line)}
.long{grid-column:1/-1}
dt{font-size:.78rem;color:var(--soft)}dd{margin:0;font-weight:600;overflow-wrap:anywhere}
nav{margin:1.6rem 0 0}nav p{font-weight:600;margin:0 0 .4rem}nav ol{list-style:none;margin:0;padding:0;columns:18rem 2;column-gap:2rem}
nav li{break-inside:avoid;padding:.15rem 0}nav a{text-decoration:none}nav a:hover{text-decoration:underline}
.badge{display:inline-block;min-width:1.7em;padding:0 .35em;margin-right:.5em;border-radius:.4em;background:var(--accent);color:var(--bg);
font-size:.8em;font-weight:700;text-align:center}
.met{color:var(--good)}.missed{color:var(--bad)}nav .met,nav .missed{font-size:.82rem;font-weight:600;white-space:nowrap}
section{margin-top:3rem;padding-top:2rem;border-top:1px solid var(--line)}
.say{display:grid;grid-template-columns:1fr 1fr;gap:.4rem 2rem;margin-bottom:1.2rem}.say p{margin:0}
.say b{display:block;font-size:.78rem;font-weight:600;color:var(--soft)}
.say .found{grid-column:1/-1;margin-top:.5rem;padding:.7rem 1rem;background:var(--card);
border-left:4px solid var(--accent);border-radius:.25rem}
.figures{list-style:none;margin:0 0 1.2rem;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:.8rem}
.figures li{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.8rem 1rem;display:flex;flex-direction:column;
gap:.15rem;color:var(--text)}
.figures li.missed{border-color:var(--bad)}
.value{font-size:1.45rem;font-weight:650;line-height:1.2;font-variant-numeric:tabular-nums}.value small{font-size:.85rem;font-weight:400;
color:var(--soft)}
.bar{font-size:.85rem;font-weight:600}.met .bar{color:var(--good)}.missed .bar{color:var(--bad)}
code{font:.76rem/1.4 ui-monospace,"DejaVu Sans Mono",monospace;color:var(--soft);overflow-wrap:anywhere}
.how{font-size:.82rem;color:var(--soft)}
figure{margin:0 0 1.4rem;background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem}
figure img{display:block;width:100%;height:auto}figcaption{font-size:.88rem;color:var(--soft);margin-top:.6rem}
.table{overflow-x:auto;margin:0 0 .4rem}
table{border-collapse:collapse;width:100%;font-size:.92rem;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:.6rem 0 .4rem}
th,td{text-align:left;padding:.38rem .8rem .38rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{font-size:.8rem;line-height:1.3;color:var(--soft);font-weight:600;vertical-align:bottom}
td:first-child{white-space:nowrap}
.n{text-align:right}td.n{white-space:nowrap}
tr.mark td{background:var(--mark)}
.note{font-size:.86rem;color:var(--soft);margin:.2rem 0 1.2rem}
@media (max-width:40rem){.say{grid-template-columns:1fr}main{padding-top:1.5rem}h1{font-size:1.6rem}}
@media print{body{background:#fff;font-size:11pt}section{break-inside:avoid-page}main{max-width:none}}
"""
