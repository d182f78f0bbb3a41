
"use strict";
// asks how the run stands, and shows the page anew when that has changed
(async () => {
  const main = document.querySelector("main");
  const run = "/v1/canaries/" + main.dataset.run;
  let last = null;
  // the last word comes some minutes after the end
  let looksAfterTheEnd = 100;
  for (let failures = 0; failures < 20; ) {
    try {
      const answer = await fetch(run + (last === null ? "" : "?wait=9s"));
      if (!answer.ok) throw new Error(answer.status);
      const now = await answer.text();
      failures = 0;
      if (last !== null && now !== last) {
        const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
        main.replaceChildren(...page.querySelector("main").childNodes);
        document.title = page.title;
      }
      last = now;
      if (JSON.parse(now).ended_at !== null && looksAfterTheEnd-- === 0) return;
      await new Promise((later) => setTimeout(later, 2000));
    } catch (error) {
      failures++;
      await new Promise((later) => setTimeout(later, 5000));
    }
  }
})();
