package slipway.local.cloud;

/**
 * Who signed a call.
 *
 * @param accessKey that local handed out
 * @param name for people: the function's or project's logical id, such as {@code RolloutFunction}
 * @param roleArn whose policies apply; the operator (the person at the terminal) has one that
 *     allows everything
 */
public record Caller(String accessKey, String name, String roleArn) {}
