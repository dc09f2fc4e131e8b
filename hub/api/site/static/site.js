// Says that filters apply at once, so that the style sheet can put the button away. Everything works without scripts.
if (window.htmx) document.documentElement.classList.add("live");
