//go:build !race

package e2e_test

// raceEnabled tells that the tests look for races, so that the desk shall, too.
const raceEnabled = false
