package main

import "testing"

// What the desk costs on AWS does not grow, reckoned from calls counted in a real run: each ceiling lies a little above
// the sums of when this was written. docs/decisions/0009 tells what lies between them and the targets.
func TestCost(t *testing.T) {
	if testing.Short() {
		t.Skip("it plays whole conversations")
	}
	bills, err := reckon(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ceilings := []struct{ listed, billed float64 }{{5.00, 4.60}, {5.35, 4.85}, {23.90, 20.00}, {3.00, 3.00}}
	if len(bills) != len(ceilings) {
		t.Fatalf("%d bills", len(bills))
	}
	for i, b := range bills {
		t.Run(b.title, func(t *testing.T) {
			if b.billed() > ceilings[i].billed || b.listed() > ceilings[i].listed || b.listed() < 1 {
				b.print(t.Output())
				t.Errorf("$%.2f billed, $%.2f at list prices, want at most %+v", b.billed(), b.listed(), ceilings[i])
			}
		})
	}
}

func TestCountsAddUp(t *testing.T) {
	a := count{Requests: 2, Invocations: map[string]float64{"relay": 1}, Calls: map[string]float64{"relay": 4}, Read: 1, Write: 3, Frames: 2}
	sum := a.plus(a, 2).less(a, 0.5)
	if sum.Requests != 2 || sum.Invocations["relay"] != 1 || sum.Calls["relay"] != 4 || sum.Write != 3 || sum.Frames != 2 {
		t.Errorf("%+v", sum)
	}
	if a.Invocations["relay"] != 1 {
		t.Error("adding changed a summand")
	}
}
