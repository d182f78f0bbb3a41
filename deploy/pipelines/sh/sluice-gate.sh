#!/bin/sh
# Asks a Sluice gate whether a version may go to an environment, and waits while the answer is pending.
# Needs curl and the tools of POSIX. What it is given and what it returns: sluice-gate.sh --help

set +x # a trace would show the token
set -fu
LC_ALL=C
export LC_ALL
umask 077

usage_text='usage: sluice-gate.sh [option]...

option             variable              meaning
--url              SLUICE_URL            where Sluice is, e.g. https://sluice.example.com
--service          SLUICE_SERVICE        the service
--environment      SLUICE_ENVIRONMENT    where it shall go
--version          SLUICE_VERSION        what shall go there
--digest           SLUICE_DIGEST         digest of the artifact, e.g. sha256:...
--commit           SLUICE_COMMIT         commit of the artifact
--gate             SLUICE_GATE           the gate (default: the name of the environment)
--timeout          SLUICE_TIMEOUT        seconds to wait while pending (default: 300)
--fail-on-deny     SLUICE_FAIL_ON_DENY   false: status 0 also for what is denied, or pending at the end (default: true)
--fail-on-error    SLUICE_FAIL_ON_ERROR  false: status 0 also where Sluice gives no decision (default: true)
--audience         SLUICE_AUDIENCE       for whom GitHub signs its token (default: the url)
--result           SLUICE_RESULT_FILE    decision=, allowed=, decision_id= and url= are appended to this file
--dotenv           SLUICE_DOTENV_FILE    the same as SLUICE_DECISION=, SLUICE_ALLOWED=, SLUICE_DECISION_ID=, SLUICE_DECISION_URL=
--summary          SLUICE_SUMMARY_FILE   the decision in Markdown is appended to this file

An option is written --name value or --name=value. An empty one counts as not given.

Who asks is told by variables only: SLUICE_TOKEN, a token with the scopes evaluate and read; or a token of the CI system,
which is exchanged: SLUICE_CI_TOKEN, else CIRCLE_OIDC_TOKEN_V2, else the one that a job of GitHub with id-token: write gets.

status  meaning
0       allowed
1       denied, or still pending when the time is over
2       wrong usage
3       no decision: Sluice cannot be reached, refuses the request, or could not judge. A request that is refused has this
        status whatever --fail-on-error says.'

most_failures=4
longest_wait=9
longest_exchanged=540

token=${SLUICE_TOKEN:-}
ci_token=${SLUICE_CI_TOKEN:-}
[ -n "$ci_token" ] || ci_token=${CIRCLE_OIDC_TOKEN_V2:-}
unset SLUICE_TOKEN SLUICE_CI_TOKEN CIRCLE_OIDC_TOKEN_V2

url=${SLUICE_URL:-}
service=${SLUICE_SERVICE:-}
environment=${SLUICE_ENVIRONMENT:-}
version=${SLUICE_VERSION:-}
digest=${SLUICE_DIGEST:-}
commit=${SLUICE_COMMIT:-}
gate=${SLUICE_GATE:-}
timeout=${SLUICE_TIMEOUT:-}
fail_on_deny=${SLUICE_FAIL_ON_DENY:-}
fail_on_error=${SLUICE_FAIL_ON_ERROR:-}
audience=${SLUICE_AUDIENCE:-}
result_file=${SLUICE_RESULT_FILE:-}
dotenv_file=${SLUICE_DOTENV_FILE:-}
summary_file=${SLUICE_SUMMARY_FILE:-}

decision=error
allowed=false
decision_id=
decision_url=

# One line without control characters, without what turns the direction of text, and without what CI systems take for commands.
awk_clean='
function clean(s,    i, c, out) {
  out = ""
  for (i = 1; i <= length(s); i++) {
    c = substr(s, i, 1)
    out = out (c < " " || c == "\177" ? " " : c)
  }
  gsub(/\302[\200-\237]/, " ", out)
  gsub(/\342\200[\213-\217\250-\256]/, " ", out)
  gsub(/\342\201[\246-\251]/, " ", out)
  gsub(/\357\273\277/, " ", out)
  while (index(out, "##")) sub(/##/, "# #", out)
  while (index(out, "::")) sub(/::/, ": :", out)
  if (length(out) > 1000) {
    out = substr(out, 1, 1000)
    sub(/[\300-\377][\200-\277]*$/, "", out)
  }
  return out
}'

clean() {
  SLUICE_TEXT=$1 awk "$awk_clean"' BEGIN { print clean(ENVIRON["SLUICE_TEXT"]) }'
}

# json_string TEXT: the text as JSON has it, with its quotes.
json_string() {
  SLUICE_TEXT=$1 awk 'BEGIN {
    for (i = 1; i < 32; i++) escaped[sprintf("%c", i)] = sprintf("\\u%04x", i)
    escaped["\""] = "\\\""
    escaped["\\"] = "\\\\"
    text = ENVIRON["SLUICE_TEXT"]
    printf "\""
    for (i = 1; i <= length(text); i++) {
      c = substr(text, i, 1)
      printf "%s", (c in escaped) ? escaped[c] : c
    }
    printf "\""
  }'
}

# field NAME string|literal FILE: a member of the outermost object, clean; nothing if it is not there, of another kind, there
# twice, or the file is no object.
field() {
  awk -v wanted="$1" -v kind="$2" "$awk_clean"'
    function hex(digits,    i, n) {
      n = 0
      for (i = 1; i <= length(digits); i++) n = n * 16 + index("0123456789abcdef", tolower(substr(digits, i, 1))) - 1
      return n
    }
    function utf8(n) {
      if (n < 32 || n == 127) return " "
      if (n < 128) return sprintf("%c", n)
      if (n < 2048) return sprintf("%c%c", 192 + int(n / 64), 128 + n % 64)
      if (n >= 55296 && n < 57344) return "?"
      return sprintf("%c%c%c", 224 + int(n / 4096), 128 + int(n / 64) % 64, 128 + n % 64)
    }
    function decoded(s,    i, c, out) {
      out = ""
      for (i = 1; i <= length(s); i++) {
        c = substr(s, i, 1)
        if (c != "\\") { out = out c; continue }
        c = substr(s, ++i, 1)
        if (c == "u") { out = out utf8(hex(substr(s, i + 1, 4))); i += 4 }
        else if (index("bfnrt", c)) out = out " "
        else out = out c
      }
      return out
    }
    function value(which, token) {
      if (depth != 1 || !after_colon) return
      if (key == wanted) { found++; if (which == kind) answer = token }
    }
    { text = text $0 "\n" }
    END {
      sub(/^[ \t\r\n]+/, "", text)
      if (substr(text, 1, 1) != "{") exit
      while (text != "") {
        c = substr(text, 1, 1)
        size = 1
        if (depth > 1 && match(text, /^[^]["{}]+/)) size = RLENGTH
        else if (c == "\"") {
          if (!match(text, /^"([^"\\]|\\.)*"/)) exit
          size = RLENGTH
          token = substr(text, 2, size - 2)
          if (depth == 1 && !after_colon) key = token
          else value("string", token)
        }
        else if (c == "{" || c == "[") depth++
        else if (c == "}" || c == "]") { if (--depth == 0) closed = 1 }
        else if (c == ":") { if (depth == 1) after_colon = 1 }
        else if (c == ",") { if (depth == 1) after_colon = 0 }
        else if (match(text, /^[ \t\r\n]+/)) size = RLENGTH
        else if (match(text, /^[^]["{}:, \t\r\n]+/)) { size = RLENGTH; value("literal", substr(text, 1, size)) }
        else exit
        text = substr(text, size + 1)
        if (closed) break
      }
      sub(/^[ \t\r\n]+/, "", text)
      if (closed && text == "" && found == 1) print clean(decoded(answer))
    }' "$3"
}

say() {
  printf 'sluice-gate: %s\n' "$(clean "$1")" >&2
}

usage() {
  say "$1; --help tells more"
  exit 2
}

# Tells GitHub in its own way, by data that cannot be a command of its own.
annotate() {
  [ "${GITHUB_ACTIONS:-}" = true ] || return 0
  printf '::%s title=Sluice gate::%s\n' "$1" "$(clean "$2" | sed 's/%/%25/g')"
}

# finish STATUS REASON: tells the decision everywhere, and ends.
finish() {
  reason=$(clean "$2")
  printf 'sluice-gate: %s: %s\n' "$decision" "$reason"
  if [ -n "$decision_url" ]; then
    printf 'sluice-gate: %s\n' "$decision_url"
  fi
  if [ -n "$result_file" ]; then
    printf 'decision=%s\nallowed=%s\ndecision_id=%s\nurl=%s\n' \
      "$decision" "$allowed" "$decision_id" "$decision_url" >>"$result_file" || exit 3
  fi
  if [ -n "$dotenv_file" ]; then
    printf 'SLUICE_DECISION=%s\nSLUICE_ALLOWED=%s\nSLUICE_DECISION_ID=%s\nSLUICE_DECISION_URL=%s\n' \
      "$decision" "$allowed" "$decision_id" "$decision_url" >>"$dotenv_file" || exit 3
  fi
  if [ -n "$summary_file" ]; then
    printf '### Sluice gate: %s\n\n    %s\n\n%s\n\n' "$decision" "$reason" "$decision_url" >>"$summary_file" || exit 3
  fi
  if [ "$1" -ne 0 ]; then
    annotate error "$decision: $reason"
  elif [ "$allowed" != true ]; then
    printf 'sluice-gate: goes on all the same, as it was told to\n'
    annotate warning "$decision, but goes on: $reason"
  fi
  exit "$1"
}

# What Sluice refuses is a mistake of the one who asks, and lets nothing pass.
refused() {
  decision=error
  allowed=false
  finish 3 "$1"
}

no_decision() {
  decision=error
  allowed=false
  if [ "$fail_on_error" = false ]; then finish 0 "$1"; fi
  finish 3 "$1"
}

denied() {
  if [ "$fail_on_deny" = false ]; then finish 0 "$1"; fi
  finish 1 "$1"
}

is_token() {
  case $1 in
    '' | *[!A-Za-z0-9._~+/=-]*) return 1 ;;
  esac
}

# call SECONDS SECRET ARGUMENT...: status, and the files head and body; the secret comes to curl by a pipe.
call() {
  seconds=$1
  secret=$2
  shift 2
  : >"$work/head"
  : >"$work/body"
  status=$(
    if [ -n "$secret" ]; then
      printf 'header = "Authorization: Bearer %s"\n' "$secret"
    fi | curl -q --config - --silent --globoff --proto '=http,https' --max-redirs 0 --connect-timeout 10 \
      --max-time "$seconds" --max-filesize 1048576 --dump-header "$work/head" --output "$work/body" \
      --write-out '%{http_code}' "$@"
  ) || status=000
}

# The seconds of Retry-After; 2 where it does not say any.
retry_after() {
  awk 'tolower($1) == "retry-after:" { sub(/\r$/, "", $2); seconds = $2 }
    END { print (seconds ~ /^[0-9]+$/ && length(seconds) < 5 && seconds > 0) ? seconds + 0 : 2 }' "$work/head"
}

left() {
  left=$((deadline - $(date +%s)))
  [ "$left" -gt 0 ] || left=0
}

# Waits as long as the last answer asks for, but not beyond the deadline.
pause() {
  seconds=$(retry_after)
  left
  [ "$seconds" -le "$left" ] || seconds=$left
  sleep "$seconds"
}

is_transient() {
  case $status in
    000 | 429 | 5??) return 0 ;;
  esac
  return 1
}

what_failed() {
  if [ "$status" = 000 ]; then
    echo "there is no answer of Sluice"
  else
    echo "Sluice answers $status: $(field detail string "$work/body")"
  fi
}

# Gets a token of GitHub for this job into ci_token.
github_token() {
  call 30 "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" --get --data-urlencode "audience=${audience:-$url}" \
    "$ACTIONS_ID_TOKEN_REQUEST_URL"
  [ "$status" = 200 ] || refused "GitHub gives no token to this job (status $status)"
  ci_token=$(field value string "$work/body")
  rm -f "$work/body"
}

# Exchanges ci_token for a token of Sluice. Each is taken once, so what was not answered is not tried again.
exchange() {
  is_token "$ci_token" || refused "the token of the CI system is none"
  printf 'grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token_type=%s&subject_token=%s' \
    urn:ietf:params:oauth:token-type:jwt "$(printf '%s' "$ci_token" | sed 's/+/%2B/g')" >"$work/form"
  call 30 "" --data "@$work/form" "$url/v1/oidc/token"
  rm -f "$work/form"
  if is_transient; then no_decision "$(what_failed)"; fi
  [ "$status" = 200 ] || refused "$(what_failed)"
  token=$(field access_token string "$work/body")
  rm -f "$work/body"
  is_token "$token" || no_decision "Sluice exchanges the token for none"
}

# The first answer comes at once, so that it is seen what is waited for; later ones may take as long as Sluice lets them.
ask() {
  if [ -z "$decision_id" ]; then
    call 15 "$token" --header 'Content-Type: application/json' --data-binary "@$work/question" \
      "$url/v1/gates/$gate/evaluate"
  else
    left
    wait=$longest_wait
    [ "$wait" -le "$left" ] || wait=$left
    call $((wait + 15)) "$token" "$url/v1/decisions/$decision_id?wait=${wait}s"
  fi
}

# Takes the decision from the answer: all that is said must fit together.
take() {
  id=$(field id string "$work/body")
  answer=$(field decision string "$work/body")
  may=$(field allowed literal "$work/body")
  reason=$(field reason string "$work/body")
  case $id in
    *[!0-9a-f-]* | '') no_decision "the answer of Sluice cannot be read" ;;
  esac
  if [ -n "$decision_id" ] && [ "$id" != "$decision_id" ]; then
    no_decision "Sluice answers with another decision"
  fi
  decision_id=$id
  decision_url=$url/v1/decisions/$id
  case $status/$answer/$may in
    200/allow/true)
      decision=allow
      allowed=true
      finish 0 "$reason"
      ;;
    200/allow/false)
      decision=deny
      denied "the decision has expired: $reason"
      ;;
    200/deny/false)
      decision=deny
      denied "$reason"
      ;;
    202/pending/false) decision=pending ;;
    200/error/false) no_decision "$reason" ;;
    *) no_decision "the answer of Sluice cannot be read" ;;
  esac
}

while [ $# -gt 0 ]; do
  case $1 in
    --help)
      printf '%s\n' "$usage_text"
      exit 0
      ;;
    --*=*)
      name=${1%%=*}
      given=${1#*=}
      shift
      ;;
    --*)
      [ $# -gt 1 ] || usage "$1 lacks a value"
      name=$1
      given=$2
      shift 2
      ;;
    *) usage "an option begins with --: $1" ;;
  esac
  case $name in
    --url) url=$given ;;
    --service) service=$given ;;
    --environment) environment=$given ;;
    --version) version=$given ;;
    --digest) digest=$given ;;
    --commit) commit=$given ;;
    --gate) gate=$given ;;
    --timeout) timeout=$given ;;
    --fail-on-deny) fail_on_deny=$given ;;
    --fail-on-error) fail_on_error=$given ;;
    --audience) audience=$given ;;
    --result) result_file=$given ;;
    --dotenv) dotenv_file=$given ;;
    --summary) summary_file=$given ;;
    *) usage "there is no option $name" ;;
  esac
done

url=${url%/}
gate=${gate:-$environment}
timeout=${timeout:-300}
fail_on_deny=${fail_on_deny:-true}
fail_on_error=${fail_on_error:-true}

case $url in
  http://?* | https://?*) ;;
  *) usage "--url must begin with https:// or http://" ;;
esac
case $url in
  *[!][A-Za-z0-9._~:/%-]*) usage "--url has a character that cannot be in it" ;;
esac
[ -n "$service" ] || usage "--service is missing"
[ -n "$environment" ] || usage "--environment is missing"
case $gate in
  [!A-Za-z0-9]* | *[!A-Za-z0-9._-]*) usage "--gate is made of letters, digits, dots and dashes" ;;
esac
case $timeout in
  *[!0-9]* | ??????*) usage "--timeout is a number of seconds" ;;
esac
case $fail_on_deny/$fail_on_error in
  true/true | true/false | false/true | false/false) ;;
  *) usage "--fail-on-deny and --fail-on-error are true or false" ;;
esac
command -v curl >/dev/null || usage "curl is missing"

work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 3' HUP INT TERM

token=$(printf '%s' "$token")
if [ -z "$token" ]; then
  if [ -z "$ci_token" ] && [ -n "${ACTIONS_ID_TOKEN_REQUEST_URL:-}" ] && [ -n "${ACTIONS_ID_TOKEN_REQUEST_TOKEN:-}" ]; then
    github_token
  fi
  if [ -n "$ci_token" ]; then
    [ "$timeout" -le "$longest_exchanged" ] ||
      usage "--timeout is at most $longest_exchanged with a token that was exchanged: it holds ten minutes"
    exchange
  fi
elif ! is_token "$token"; then
  refused "SLUICE_TOKEN is no token"
fi

{
  printf '{"service":%s,"environment":%s' "$(json_string "$service")" "$(json_string "$environment")"
  artifact=
  for member in version digest commit; do
    case $member in
      version) given=$version ;;
      digest) given=$digest ;;
      commit) given=$commit ;;
    esac
    [ -z "$given" ] || artifact="$artifact,\"$member\":$(json_string "$given")"
  done
  [ -z "$artifact" ] || printf ',"artifact":{%s}' "${artifact#,}"
  printf '}'
} >"$work/question"

deadline=$(($(date +%s) + timeout))
failures=0
while :; do
  ask
  if is_transient; then
    failures=$((failures + 1))
    left
    if [ "$failures" -ge "$most_failures" ] || [ "$left" -eq 0 ]; then no_decision "$(what_failed)"; fi
  elif [ "$status" = 200 ] || [ "$status" = 202 ]; then
    failures=0
    take
    left
    if [ "$left" -eq 0 ]; then denied "still pending: $reason"; fi
    printf 'sluice-gate: pending: %s\n' "$reason"
  else
    refused "$(what_failed)"
  fi
  pause
done
