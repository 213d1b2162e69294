// What the page gains where scripts run. Everything works without them, too.
document.documentElement.dataset["script"] = "on";
