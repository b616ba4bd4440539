package slipway.infra;

/**
 * What a stack's cost depends on and no template tells. Guesses, to be replaced by your figures.
 */
enum Assumed {
  LOGS_GB(1, "%s GB of logs a month, of containers, functions, canary and container insights"),
  NAT_GB(2, "%s GB a month through NAT gateways: those logs, telemetry, calls of AWS"),
  IMAGES_GB(1, "%s GB of images are kept"),
  FUNCTION_SECONDS(1, "a function runs for %s s"),
  FUNCTION_ITEMS(10, "and reads and writes %s items of the table"),
  CANARY_SECONDS(5, "the canary runs for %s s on 1 GB of Lambda (x86)"),
  CANARY_OBJECTS(5, "and leaves %s objects,"),
  CANARY_MB(0.1, "%s MB together"),
  BUILD_MINUTES(5, "a push is one build of %s minutes,"),
  PUSH_FUNCTIONS(25, "%s runs of functions,"),
  PUSH_IMAGE_MB(10, "%s MB of new layers,"),
  PUSH_NAT_MB(100, "%s MB through NAT gateways, most of it the CloudWatch agent's image,"),
  PUSH_LOGS_MB(2, "%s MB of logs,"),
  PUSH_TASK_MINUTES(15, "and %s minutes in which the old and the new task run side by side");

  final double value;
  private final String sentence;

  Assumed(double value, String sentence) {
    this.value = value;
    this.sentence = sentence;
  }

  String sentence() {
    return sentence.formatted(Bill.plain(value));
  }
}
