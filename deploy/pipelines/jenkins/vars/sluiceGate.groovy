import groovy.json.JsonOutput
import groovy.json.JsonSlurperClassic

/**
 * Asks a Sluice gate whether a version may go to an environment, and waits while the answer is pending. Each request is short
 * and is followed by a sleep, since Jenkins loses a request that a restart interrupts. See sluiceGate.txt.
 */
def call(Map given) {
    Map args = [timeout: 300, failOnDeny: true, failOnError: true] + given
    args.keySet().each { name ->
        if (!(name in ['url', 'service', 'environment', 'version', 'digest', 'commit', 'gate', 'credentialsId', 'timeout',
                       'failOnDeny', 'failOnError'])) {
            error "sluiceGate: there is no parameter ${clean(name)}"
        }
    }
    String url = (args.url ?: env.SLUICE_URL ?: '').toString().replaceAll('/$', '')
    String gate = (args.gate ?: args.environment ?: '').toString()
    if (!(url ==~ 'https?://[A-Za-z0-9._~:/%\\[\\]-]+')) {
        error 'sluiceGate: url must be one, of http or https'
    }
    if (!args.service || !args.environment) {
        error 'sluiceGate: service and environment are missing'
    }
    if (!(gate ==~ '[A-Za-z0-9][A-Za-z0-9._-]{0,99}')) {
        error 'sluiceGate: gate is made of letters, digits, dots and dashes'
    }
    Map result
    if (args.credentialsId) {
        withCredentials([string(credentialsId: args.credentialsId, variable: 'SLUICE_TOKEN')]) {
            result = decide(url, gate, args, env.SLUICE_TOKEN)
        }
    } else {
        result = decide(url, gate, args, env.SLUICE_TOKEN)
    }
    echo "sluiceGate: ${result.decision}: ${result.reason}" + (result.url ? " ${result.url}" : '')
    boolean fails = result.refused || (result.decision == 'error' ? args.failOnError != false : !result.allowed && args.failOnDeny != false)
    result.remove('refused')
    if (fails) {
        error "sluiceGate: ${result.decision}: ${result.reason}"
    }
    return result
}

private Map decide(String url, String gate, Map args, String token) {
    Map artifact = [version: args.version, digest: args.digest, commit: args.commit].findAll { it.value }
            .collectEntries { [(it.key): it.value.toString()] }
    Map question = [service: args.service.toString(), environment: args.environment.toString()]
    if (artifact) {
        question.artifact = artifact
    }
    long deadline = System.currentTimeMillis() + 1000L * (args.timeout as int)
    Map result = none('')
    int failures = 0
    while (true) {
        def response = result.decision_id ? request('GET', result.url, token, null)
                : request('POST', "${url}/v1/gates/${gate}/evaluate".toString(), token, JsonOutput.toJson(question))
        int status = response == null ? 0 : response.status
        boolean isOver = System.currentTimeMillis() >= deadline
        if (status == 0 || status == 429 || status >= 500) {
            failures++
            if (failures >= 4 || isOver) {
                return none(status == 0 ? 'there is no answer of Sluice' : "Sluice answers ${status}")
            }
        } else if (status != 200 && status != 202) {
            return none("Sluice answers ${status}: ${clean(document(response).detail)}") + [refused: true]
        } else {
            failures = 0
            Map next = taken(url, status, document(response))
            if (result.decision_id && next.decision_id && next.decision_id != result.decision_id) {
                return none('Sluice answers with another decision')
            }
            result = next
            if (result.decision != 'pending') {
                return result
            }
            if (isOver) {
                return result + [reason: "still pending: ${result.reason}".toString()]
            }
            echo "sluiceGate: pending: ${result.reason}"
        }
        sleep(time: pause(response), unit: 'SECONDS')
    }
}

/** The answer; null where there is none. A build that is aborted is, for that is neither of these exceptions. */
private Object request(String method, String url, String token, String body) {
    Map parameters = [httpMode: method, url: url, timeout: 15, quiet: true, consoleLogResponseBody: false,
                      validResponseCodes: '100:599', acceptType: 'APPLICATION_JSON']
    if (token) {
        parameters.customHeaders = [[name: 'Authorization', value: "Bearer ${token}".toString(), maskValue: true]]
    }
    if (body != null) {
        parameters.contentType = 'APPLICATION_JSON'
        parameters.requestBody = body
    }
    try {
        return httpRequest(parameters)
    } catch (IOException e) {
        return null
    } catch (IllegalStateException e) {
        return null
    }
}

/** The decision that an answer tells; all that is said must fit together. */
private Map taken(String url, int status, Map answer) {
    String id = answer.id instanceof String ? answer.id : ''
    Map result = [decision: answer.decision, allowed: false, decision_id: id, url: "${url}/v1/decisions/${id}".toString(),
                  reason: clean(answer.reason)]
    if (!(id ==~ '[0-9a-f-]+')) {
        return none('the answer of Sluice cannot be read')
    }
    if (status == 200 && answer.decision == 'allow' && answer.allowed == true) {
        return result + [allowed: true]
    }
    if (status == 200 && answer.decision == 'allow' && answer.allowed == false) {
        return result + [decision: 'deny', reason: "the decision has expired: ${result.reason}".toString()]
    }
    if (answer.allowed == false && (status == 200 && answer.decision in ['deny', 'error'] || status == 202 && answer.decision == 'pending')) {
        return result
    }
    return none('the answer of Sluice cannot be read')
}

private Map none(String reason) {
    return [decision: 'error', allowed: false, decision_id: '', url: '', reason: reason.toString()]
}

private Map document(def response) {
    try {
        def read = new JsonSlurperClassic().parseText(response.content ?: '{}')
        return read instanceof Map ? read : [:]
    } catch (groovy.json.JsonException e) {
        return [:]
    }
}

/** The seconds of Retry-After, at most a minute; 2 where it does not say any. */
private int pause(def response) {
    def found = response == null ? null : response.headers?.find { it.key?.equalsIgnoreCase('Retry-After') }
    String text = found ? found.value[0] : ''
    return text ==~ '[1-9][0-9]?' ? Math.min(text as int, 60) : 2
}

/** One line without control characters and without what turns the direction of text. */
private String clean(def text) {
    String line = (text == null ? '' : text.toString()).replaceAll('[\\p{Cntrl}\\p{Cf}\\u0080-\\u009f\\u2028\\u2029]', ' ')
    return line.length() > 1000 ? line.substring(0, 1000) : line
}
