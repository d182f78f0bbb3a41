
"use strict";
// asks how the run stands, and shows the page anew when that has changed
(async () => {
  const main = document.querySelector("main");
  const run = "/v1/canaries/" + main.dataset.run;
  const shown = async () => {
    const answer = await fetch(location.href);
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  };
  let last = null;
  // whoever has signed in is shown pages, and nothing else
  let pagesOnly = false;
  // the last word comes some minutes after the end
  let looksAfterTheEnd = 100;
  for (let failures = 0; failures < 20; ) {
    try {
      let page = null;
      let now = null;
      if (!pagesOnly) {
        const answer = await fetch(run + (last === null ? "" : "?wait=9s"));
        pagesOnly = answer.status === 401;
        if (!answer.ok && !pagesOnly) throw new Error(answer.status);
        now = await answer.text();
      }
      if (pagesOnly) {
        page = await shown();
        now = page.querySelector("main").innerHTML;
      }
      failures = 0;
      if (last !== null && now !== last) {
        page = page ?? (await shown());
        main.replaceChildren(...page.querySelector("main").childNodes);
        document.title = page.title;
      }
      last = now;
      const ended = pagesOnly ? page.querySelector("main").dataset.ended !== "" : JSON.parse(now).ended_at !== null;
      if (ended && looksAfterTheEnd-- === 0) return;
      await new Promise((later) => setTimeout(later, 2000));
    } catch (error) {
      failures++;
      await new Promise((later) => setTimeout(later, 5000));
    }
  }
})();
