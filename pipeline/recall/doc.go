// Package recall closes the circle: it reads back what counties concluded of the patches that were released to them (Returns), and
// compares the accepted annual change layer with what was released (Survey): what was answered, what was not, and what nobody had flagged.
package recall
