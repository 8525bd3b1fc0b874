"""</code></pre><script>window.owned=1;alert(1)</script>"""

import matplotlib.pyplot as plt

from portfolio import log_figure, log_metric, log_table, log_text

SCRIPT = "</script><script>window.owned=1;alert(1)</script>"
figure, axes = plt.subplots(figsize=(4, 3))
axes.plot([1, 2, 3])
axes.set_title(SCRIPT)
log_figure("line", figure, alt='" onload="alert(1)" x="<b>alt</b>', caption=f"</figcaption>{SCRIPT} *caption* `x`")
log_metric("score", 0.5, unit="</data><b>%</b>", method=f"</td>{SCRIPT}")
log_table("cells", [{"<i>head</i>": SCRIPT, "b": "=1+1"}], caption=SCRIPT)
log_text("said", f"```\n{SCRIPT}\n```\n# not a heading")
print("::error::not a workflow command")
print("\x1b[31mred\x1b[0m\x07 \x00 \u202eright to left")
print("```", SCRIPT, "```", "--8<-- 'spec.toml'", "{{ 7*7 }}", "{% include 'x' %}", "&lt;b&gt;", sep="\n")
