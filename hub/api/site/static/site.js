// Marks that filters apply at once, so that the style sheet can say so. Everything works without this file.
document.documentElement.classList.add("live");
