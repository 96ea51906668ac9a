package isolate

import "fmt"

// Op is one native operation: what is done with which part of which file.
type Op struct {
	// What is a word such as "open" or "decode".
	What string `json:"what"`
	URI  string `json:"uri"`
	// Window is x, y, width and height in pixels; empty for an operation on the file as a whole.
	Window [4]int `json:"window"`
}

// String is the operation's place, as messages name it.
func (o Op) String() string {
	if o.Window[2] <= 0 || o.Window[3] <= 0 {
		return o.URI
	}
	return fmt.Sprintf("%s at column %d, row %d (%d × %d pixels)", o.URI, o.Window[0], o.Window[1], o.Window[2], o.Window[3])
}

// opens says that the operation is one of those that begin by parsing the file's header.
func (o Op) opens() bool { return o.What == "open" || o.What == "inspect" || o.What == "preview" }

// key is the form in which operations are compared. A file whose header kills the process does so whoever opens it, so
// that inspecting and opening are one. Of an address beyond any path, which a slot cannot hold, the end is kept: it is what
// tells it from others.
func (o Op) key() Op {
	o.What = o.What[:min(len(o.What), maxWhat)]
	o.URI = o.URI[max(0, len(o.URI)-maxURI):]
	if o.What == "inspect" || o.What == "open" {
		return Op{What: "open", URI: o.URI}
	}
	return o
}

// BannedError is what Enter returns for an operation that an earlier child died of.
type BannedError struct {
	Op Op
	// Reason is what happened, such as "the decoder crashed here (SIGSEGV)".
	Reason string
}

func (e *BannedError) Error() string {
	return fmt.Sprintf("%s: %s; the file is damaged or GDAL has a defect: convert it with gdal_translate, or leave it out", e.Op, e.Reason)
}
