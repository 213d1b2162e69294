package policies.people.employee_ids

default in_scope := true

default compliant := false

compliant if input.employeeId == sprintf("%s-%06d", [upper(substring(input.department, 0, 3)), input.employeeNumber])
