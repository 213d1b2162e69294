// Package chart makes charts for pages: a line over time, a bridge from an old to a new score, stacked bars, and columns by period.
//
// A model such as [Line] says what to show, in whole numbers. Its Figure method computes the geometry, and the template "chart" of [Define]
// writes it: a figure with a caption, SVG, a legend, and a table of the same numbers. All texts go through html/template.
//
// SVG has classes and presentation attributes alone: no style, no script, no font, no color. A style sheet colors it by its classes, in
// light and dark. Horizontal positions are percentages and texts are not scaled, so a chart is readable at every width.
//
// The same model gives the same bytes, and never many: lines of thousands of points are thinned to what can be seen. The package reads
// nothing, and knows no tenants.
package chart
