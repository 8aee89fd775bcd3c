// The parts of the HTML report that are the same in each.
#pragma once

#include <string_view>

namespace awaitest::reporting {

inline constexpr std::string_view html_head = R"(<style>
body { font: 15px/1.4 system-ui, sans-serif; margin: 2em auto; max-width: 75em; padding: 0 1em; color-scheme: light dark; }
.failed { color: #c62828; } .passed { color: #2e7d32; } .skipped, .flaky { color: #b26a00; } .expected { color: #757575; }
summary { cursor: pointer; } .time, .about { color: #757575; font-size: 90%; } .about { margin: 0.3em 0 0.3em 1.2em; }
pre { margin: 0.3em 0 0.8em 1.2em; padding: 0.6em; overflow-x: auto; background: #8881; white-space: pre-wrap; }
fieldset { border: 0; padding: 0; margin: 1em 0; } input[type=search] { width: 24em; } label { margin-left: 1em; }
</style>
</head>
<body>
)";

inline constexpr std::string_view html_filter = R"(<fieldset id="filter" hidden>
<input type="search" id="text" placeholder="part of a name or of a text" aria-label="filter">
<label><input type="checkbox" value="failed" checked> failed</label>
<label><input type="checkbox" value="flaky" checked> flaky</label>
<label><input type="checkbox" value="passed" checked> passed</label>
<label><input type="checkbox" value="skipped" checked> skipped</label>
<label><input type="checkbox" value="expected" checked> failed as expected</label>
<label><input type="checkbox" id="slowest"> slowest first</label>
<span id="shown"></span>
</fieldset>
<main>
)";

inline constexpr std::string_view html_end = R"(</main>
<script>
const tests = [...document.querySelectorAll('.test')];
const boxes = [...document.querySelectorAll('#filter input[value]')].filter(box => box.type === 'checkbox' && box.id === '');
const nanoseconds = test => Number(test.dataset.ns);
function show() {
  const words = document.getElementById('text').value.toLowerCase();
  const kinds = boxes.filter(box => box.checked).map(box => box.value);
  let shown = 0;
  for (const test of tests) {
    test.hidden = !kinds.includes(test.dataset.kind) || !test.textContent.toLowerCase().includes(words);
    if (!test.hidden) ++shown;
  }
  document.getElementById('shown').textContent = shown + ' of ' + tests.length;
}
function order() {
  const slowest = document.getElementById('slowest').checked;
  const all = slowest ? [...tests].sort((a, b) => nanoseconds(b) - nanoseconds(a)) : tests;
  document.querySelector('main').append(...all);
}
document.getElementById('filter').hidden = false;
document.getElementById('filter').addEventListener('input', show);
document.getElementById('slowest').addEventListener('change', order);
show();
</script>
</body>
</html>
)";

}  // namespace awaitest::reporting
