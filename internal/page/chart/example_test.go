package chart_test

import (
	"fmt"
	"html/template"
	"os"
	"time"

	"github.com/posture-score/posture/internal/page/chart"
)

func Example() {
	set, err := chart.Define(template.New("page"))
	if err != nil {
		fmt.Println(err)
		return
	}
	march := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	line := chart.Line{
		About: chart.About{ID: "score", Title: "Secure score"},
		Unit:  chart.Percent,
		Series: []chart.Series{{Name: "Score", Class: "score", Points: []chart.Point{
			{At: march, Value: 49_12}, {At: march.AddDate(0, 0, 1), Value: 52_52}, {At: march.AddDate(0, 0, 2), Value: 51_30},
		}}},
	}
	figure := line.Figure()
	for _, row := range figure.Table.Rows {
		fmt.Println(row)
	}
	if err := set.ExecuteTemplate(os.Stdout, "chart-data", figure); err != nil {
		fmt.Println(err)
	}

	// Output:
	// [2026-03-01 49.12%]
	// [2026-03-02 52.52%]
	// [2026-03-03 51.30%]
	// <details class="chart-data"><summary>Data<span class="quiet"> of Secure score</span></summary>
	// <div id="score-data" class="chart-scroll" role="group" aria-labelledby="score-c" tabindex="0">
	// <table>
	// <caption id="score-c">Secure score</caption>
	// <thead><tr><th scope="col">Date</th><th scope="col" class="num">Score</th></tr></thead>
	// <tbody>
	// <tr><th scope="row"><bdi>2026-03-01</bdi></th><td class="num">49.12%</td></tr>
	// <tr><th scope="row"><bdi>2026-03-02</bdi></th><td class="num">52.52%</td></tr>
	// <tr><th scope="row"><bdi>2026-03-03</bdi></th><td class="num">51.30%</td></tr>
	// </tbody>
	// </table>
	// </div>
	// </details>
}
