# A policy for plans of `reconciler`: what must be true of a plan beside the guardrails of reconciler.yaml.
#
# The input is the JSON document of a plan (schemas/saved-plan.schema.json). Every message in `deny` refuses the plan.
package reconciler

import rego.v1

# In Rego a rule about a missing key is silent, so a plan of another format would pass every rule below. These two rules
# refuse what the others cannot read.
required := {"kind", "format_version", "workspace", "target", "git_commit", "operations", "money", "risk"}

known_effects := {"protects", "frees", "executes", "reprices", "unprotects", "labels", "commits"}

deny contains msg if {
	some key in required
	not key in object.keys(input)
	msg := sprintf("the plan has no %s", [key])
}

deny contains msg if {
	some operation in input.operations
	some key in {"action", "trade", "effect", "side_effects"}
	not key in object.keys(operation)
	msg := sprintf("an operation has no %s", [key])
}

deny contains msg if {
	some operation in input.operations
	some effect in effects(operation)
	not effect in known_effects
	msg := sprintf("%s: unknown effect %s", [operation.trade, effect])
}

# With real money: only from a commit without changes beside it.
deny contains "real money is moved from a commit only" if {
	is_real
	not is_committed
}

# With real money: never more than one position is closed or unprotected by one plan.
deny contains msg if {
	is_real
	count(dangerous) > 1
	msg := concat("", ["one plan is dangerous to several trades: ", concat(", ", sort(dangerous))])
}

# A new trade with leverage needs a stop.
deny contains msg if {
	some operation in input.operations
	operation.action in {"create", "replace"}
	operation.after.leverage.enabled == true
	not operation.after.stop_loss.enabled == true
	msg := sprintf("%s: leverage without a stop", [operation.trade])
}

effects(operation) := {operation.effect} | {effect | some effect in operation.side_effects}

is_real if input.target.mode == "real"

is_committed if {
	input.git_commit != null
	not endswith(input.git_commit, "+dirty")
}

dangerous contains operation.trade if {
	some operation in input.operations
	some effect in effects(operation)
	effect in {"executes", "unprotects"}
}
