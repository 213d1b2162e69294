#!/usr/bin/env bash
cat >>"$SEEN"
while [ $# -gt 1 ]; do
  [ "$1" = --output ] && file=$2
  shift
done
echo "$1" >>"$SEEN"
m='https://graph.microsoft.com/v1.0/$metadata#'
code=200
case $1 in
*/organization) body='{"@odata.context":"'$m'organization","value":[{"id":"t-1","displayName":"Contoso"}]}' ;;
*/groups\?*) body='{"@odata.context":"'$m'groups(id)","value":[{"id":"g-1"},{"id":"g-2"}]}' ;;
*/g-1/transitiveMembers*) body='{"@odata.context":"'$m'directoryObjects(id)","value":[{"id":"u-1"}]}' ;;
*/g-2/transitiveMembers*) body='{"@odata.context":"'$m'directoryObjects(id)","value":[]}' ;;
*/users*skip*) body='{"@odata.context":"'$m'users(id)","value":[{"id":"u-2","accountEnabled":true,"userType":"Member"}]}' ;;
*/users*) body='{"@odata.context":"'$m'users(id)","@odata.nextLink":"https://graph.microsoft.com/v1.0/users?$skiptoken=2","value":[{"id":"u-1","accountEnabled":true,"userType":"Member"}]}' ;;
*/roleAssignmentScheduleInstances*) code=403 body='{"error":{"code":"Forbidden","message":"no license"}}' ;;
*/roleAssignments*) body='{"@odata.context":"'$m'roleManagement/directory/roleAssignments(principal())","value":[{"id":"r-1","principalId":"u-1","roleDefinitionId":"d-1"}]}' ;;
*/domains) body='{"@odata.context":"'$m'domains","@odata.nextLink":"https://elsewhere.example/domains","value":[{"id":"contoso.example"}]}' ;;
https://manage.office.com/api/v1.0/t-1/activity/*) body='[{"contentType":"Audit.General","status":"enabled","webhook":null}]' ;;
*/admin/forms) code=503 body='<html>busy</html>' ;;
*) exit 6 ;;
esac
printf '%s' "$body" >"$file"
printf '%s' "$code"
