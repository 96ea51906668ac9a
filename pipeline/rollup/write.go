package rollup

import "time"

// Name is what the files of a summary are called: summary.xlsx, summary.html and summary.json.
const Name = "summary"

// Write leaves the summary in the folder dir; see [book.Book.Save].
func (s *Summary) Write(dir, version string, at time.Time) error {
	return s.Book(version).Save(dir, Name, s, at)
}
