// Tables of ten rows or more sort by a click on a column's head.
"use strict";
for (const table of document.querySelectorAll("table")) {
	const body = table.tBodies[0];
	if (!body || body.rows.length < 10)
		continue;
	const number = (text) => parseFloat(text.replace(/,/g, ""));
	const value = (row, i) => row.cells[i].textContent.trim();
	[...table.tHead.rows[0].cells].forEach((head, i) => {
		const button = document.createElement("button");
		button.append(...head.childNodes);
		head.append(button);
		button.addEventListener("click", () => {
			const up = head.getAttribute("aria-sort") !== "ascending";
			for (const other of head.parentNode.cells)
				other.removeAttribute("aria-sort");
			head.setAttribute("aria-sort", up ? "ascending" : "descending");
			const rows = [...body.rows].sort((a, b) => {
				const x = value(a, i), y = value(b, i);
				const order = isNaN(number(x)) || isNaN(number(y)) ?
					x.localeCompare(y) : number(x) - number(y);
				return up ? order : -order;
			});
			body.append(...rows);
		});
	});
}
