package chart

import "strconv"

// vertex is a point of a path, in the coordinates of a plot.
type vertex struct{ x, y int }

// thin returns the vertices of each column that can be seen: the first, the lowest, the highest and the last one, in their order.
func thin(list []vertex, width int) []vertex {
	var kept []vertex
	for begin := 0; begin < len(list); {
		end, low, high := begin, begin, begin
		for ; end < len(list) && list[end].x/width == list[begin].x/width; end++ {
			if list[end].y < list[low].y {
				low = end
			}
			if list[end].y > list[high].y {
				high = end
			}
		}
		for i := begin; i < end; i++ {
			if i == begin || i == low || i == high || i == end-1 {
				kept = append(kept, list[i])
			}
		}
		begin = end
	}
	return kept
}

// straight leaves out vertices on the line between their neighbors.
func straight(list []vertex) []vertex {
	var kept []vertex
	for _, v := range list {
		for n := len(kept); n >= 2; n = len(kept) {
			a, b := kept[n-2], kept[n-1]
			turns := (b.x-a.x)*(v.y-b.y) != (v.x-b.x)*(b.y-a.y)
			back := (b.x-a.x)*(v.x-b.x) < 0 || (b.y-a.y)*(v.y-b.y) < 0
			if turns || back {
				break
			}
			kept = kept[:n-1]
		}
		if n := len(kept); n == 0 || kept[n-1] != v {
			kept = append(kept, v)
		}
	}
	return kept
}

// trace appends a line as commands of a path: from an absolute begin on they are relative, which is shorter. A single vertex is a line of
// no length, which round caps make a dot.
func trace(d []byte, list []vertex) []byte {
	if len(list) == 0 {
		return d
	}
	d = append(d, 'M')
	d = pair(d, list[0])
	if len(list) == 1 {
		return append(d, "h0"...)
	}
	at, last := list[0], byte(0)
	for _, v := range list[1:] {
		step := vertex{v.x - at.x, v.y - at.y}
		command := byte('l')
		switch {
		case step.y == 0:
			command = 'h'
		case step.x == 0:
			command = 'v'
		}
		if command != last {
			d = append(d, command)
		} else if step.x >= 0 && command != 'v' || command == 'v' && step.y >= 0 {
			d = append(d, ' ')
		}
		switch command {
		case 'h':
			d = strconv.AppendInt(d, int64(step.x), 10)
		case 'v':
			d = strconv.AppendInt(d, int64(step.y), 10)
		default:
			d = pair(d, step)
		}
		at, last = v, command
	}
	return d
}

// pair appends two numbers; a minus sign parts them by itself.
func pair(d []byte, v vertex) []byte {
	d = strconv.AppendInt(d, int64(v.x), 10)
	if v.y >= 0 {
		d = append(d, ' ')
	}
	return strconv.AppendInt(d, int64(v.y), 10)
}

// box appends a rectangle.
func box(d []byte, x, y, width, height int) []byte {
	d = append(d, 'M')
	d = pair(d, vertex{x, y})
	d = append(d, 'h')
	d = strconv.AppendInt(d, int64(width), 10)
	d = append(d, 'v')
	d = strconv.AppendInt(d, int64(height), 10)
	d = append(d, 'h')
	d = strconv.AppendInt(d, int64(-width), 10)
	return append(d, 'z')
}
