// Package desktest holds what the adapters' tests share: one contract suite for each port, run unchanged on the local
// file and on AWS or its emulators, so that a desk on one machine and a deployed one cannot differ unnoticed. Only tests
// import it.
package desktest
