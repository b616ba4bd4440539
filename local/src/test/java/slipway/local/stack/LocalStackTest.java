package slipway.local.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import slipway.json.Json;
import slipway.local.lambda.Outcome;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Functions in real child JVMs, and everything that invokes them. */
@Isolated // whatever process runs is its own
class LocalStackTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  @TempDir private static Path folder;
  private static LocalStack stack;
  private static Path notes;

  @BeforeAll
  static void start() throws IOException {
    notes = folder.resolve("notes.txt");
    stack = FunctionsStack.in(folder, notes).start();
  }

  @AfterAll
  static void stop() {
    var work = stack.work();
    var children = ProcessHandle.current().children().toList();
    stack.close();
    assertThat(children).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    assertThat(work).doesNotExist();
  }

  @Test
  void aFifoQueueFeedsItsFunctionInOrderAndBuriesWhatFailsTwice() throws Exception {
    var dead = stack.queues().byName("dead.fifo").orElseThrow();
    try (var sqs = Clients.of(SqsClient.builder(), stack, stack.operator())) {
      for (var body : List.of("first", "second", "poison"))
        sqs.sendMessage(
            r -> r.queueUrl(stack.outputs().get("Queue")).messageBody(body).messageGroupId("a"));
      assertThat(dead.awaitSize(1, LONG)).isTrue();
      assertThat(dead.bodies()).containsExactly("poison");
      sqs.sendMessage(
          r -> r.queueUrl(stack.outputs().get("Queue")).messageBody("fourth").messageGroupId("a"));
    }
    awaitNote("a fourth");
    var lines = Files.readAllLines(notes).stream().filter(l -> l.startsWith("a ")).toList();
    assertThat(lines)
        .containsExactly("a first", "a second", "a poison failed", "a poison failed", "a fourth");
  }

  @Test
  void anEventGoesThroughTheRuleToTheQueueToTheFunctionWithItsGroup() throws Exception {
    stack
        .events()
        .put(
            "aws.ecr", "ECR Image Action", List.of(), Map.of("image-tag", "other", "n", "skipped"));
    stack
        .events()
        .put("aws.ecr", "ECR Image Action", List.of(), Map.of("image-tag", "live", "n", "taken"));
    var note = awaitNote("dice {");
    var event = Json.parse(note.substring(note.indexOf('{')));
    assertThat(event.at("detail").at("n").text()).isEqualTo("taken");
    assertThat(event.at("detail-type").text()).isEqualTo("ECR Image Action");
    assertThat(event.at("account").text()).isEqualTo("123456789012");
  }

  /** A note that starts so; waits for the calls that make notes. */
  private static String awaitNote(String start) throws Exception {
    return awaitNotes(start, 1).getFirst();
  }

  private static List<String> awaitNotes(String start, int count) throws Exception {
    var more = new java.util.concurrent.Semaphore(0);
    stack.calls().listen(_ -> more.release());
    while (true) {
      if (Files.exists(notes)) {
        var found = Files.readAllLines(notes).stream().filter(l -> l.startsWith(start)).toList();
        if (found.size() >= count) return found;
      }
      assertThat(more.tryAcquire(LONG.toSeconds(), TimeUnit.SECONDS)).as(start).isTrue();
    }
  }

  @Test
  void aSynchronousInvocationReturnsWhatTheFunctionReturns() {
    assertThat(stack.functions().invoke("Worker:live", "{\"x\":1}".getBytes()))
        .isInstanceOfSatisfying(
            Outcome.Returned.class, r -> assertThat(r.text()).isEqualTo("{\"x\":1}"));
    assertThat(stack.functions().invoke("Worker:live", "{\"do\":\"fail\"}".getBytes()))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            f -> assertThat(f.reason()).isEqualTo("java.lang.IllegalStateException: told to fail"));
  }

  @Test
  void aProcessThatDiesIsAFailureAndTheNextInvocationGetsANewOne() {
    assertThat(stack.functions().invoke("Worker:live", "{\"do\":\"exit\"}".getBytes()))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, f -> assertThat(f.reason()).contains("exited with code 3"));
    assertThat(stack.functions().invoke("Worker:live", "{}".getBytes()))
        .isInstanceOf(Outcome.Returned.class);
  }

  @Test
  void aFunctionThatRunsTooLongIsKilled() {
    assertThat(stack.functions().invoke("Slow", "{\"do\":\"hang\"}".getBytes()))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            f -> assertThat(f.reason()).contains("Task timed out after 1.00 seconds"));
  }

  @Test
  void aScheduleInvokesItsTargetWithItsInput() throws Exception {
    stack.schedules().fireNow("hourly");
    assertThat(awaitNote("noted ")).isEqualTo("noted scheduled");
  }

  @Test
  void aScheduleSendsToAGroupOfAFifoQueueAndSaysWhichFiringItIs() throws Exception {
    stack.schedules().fireNow("repair");
    stack.schedules().fireNow("repair");

    var messages = awaitNotes("mended ", 2);
    assertThat(messages)
        .hasSize(2)
        .allSatisfy(
            note ->
                assertThat(note)
                    .matches(
                        "mended"
                            + " arn:aws:scheduler:ap-northeast-1:123456789012:schedule/default/repair"
                            + " \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ [0-9a-f]{16} 1"));
    assertThat(messages.getFirst().split(" ")[2]).isLessThan(messages.getLast().split(" ")[2]);
  }

  @Test
  void aScheduleWhoseRoleMayNotSendSaysSo() {
    stack.schedules().fireNow("unallowed-repair");
    assertThat(stack.calls().all())
        .anySatisfy(
            call -> {
              assertThat(call.caller()).isEqualTo("schedule unallowed-repair");
              assertThat(call.error()).contains("is not authorized to perform sqs:SendMessage");
            });
  }

  @Test
  void aScheduleWhoseRoleMayNotInvokeSaysSo() {
    stack.schedules().fireNow("unallowed");
    assertThat(stack.calls().all())
        .anySatisfy(
            call -> {
              assertThat(call.caller()).isEqualTo("schedule unallowed");
              assertThat(call.error())
                  .contains("is not authorized to perform lambda:InvokeFunction");
            });
  }

  @Test
  void aFunctionSeesItsVariablesItsRoleAndItsLayer() {
    var outcome =
        (Outcome.Returned)
            stack.functions().invoke("Worker:live", "{\"do\":\"environment\"}".getBytes());
    var environment = Json.parse(outcome.text());
    assertThat(environment.at("QUEUE").text()).isEqualTo("work.fifo");
    assertThat(environment.at("AWS_ENDPOINT_URL").text()).isEqualTo(stack.endpoint().toString());
    assertThat(environment.at("AWS_LAMBDA_INITIALIZATION_TYPE").text()).isEqualTo("snap-start");
    assertThat(
            stack
                .surroundings()
                .credentials()
                .find(environment.at("AWS_ACCESS_KEY_ID").text())
                .orElseThrow()
                .roleArn())
        .isEqualTo("arn:aws:iam::123456789012:role/WorkerRole");
    assertThat(environment.at("HOME").missing()).isTrue();
    assertThat(
            ((Outcome.Returned)
                    stack.functions().invoke("Worker:live", "{\"do\":\"layer\"}".getBytes()))
                .text())
        .isEqualTo("\"a layer\"");
  }

  @Test
  void anAsynchronousInvocationThatFailsThreeTimesEndsInTheDeadLetterQueue() throws Exception {
    var failed = stack.queues().byName("failed").orElseThrow();
    send(
        HttpRequest.newBuilder(
                URI.create(
                    stack.endpoint() + "/2015-03-31/functions/Worker/invocations?Qualifier=live"))
            .header("X-Amz-Invocation-Type", "Event")
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential="
                    + stack.operator().caller().accessKey()
                    + "/20260101/ap-northeast-1/lambda/aws4_request, Signature=0")
            .POST(HttpRequest.BodyPublishers.ofString("{\"do\":\"fail\"}")));
    assertThat(failed.awaitSize(1, LONG)).isTrue();
    assertThat(failed.bodies()).containsExactly("{\"do\":\"fail\"}");
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void aFunctionUrlPassesTheRequestAndTheReply() throws Exception {
    var url = stack.outputs().get("Url");
    var answer =
        send(
            HttpRequest.newBuilder(URI.create(url + "hook"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.headers().firstValue("X-Seen")).contains("yes");
    assertThat(answer.body()).isEqualTo("/hook {} false");
    var failure =
        send(
            HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("fail")));
    assertThat(failure.statusCode()).isEqualTo(502);
    var large =
        send(
            HttpRequest.newBuilder(URI.create(url))
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[6 * 1024 * 1024 + 1])));
    assertThat(large.statusCode()).isEqualTo(413);
  }

  @Test
  void aFunctionUrlWithoutPermissionsIsForbidden() throws Exception {
    var answer = send(HttpRequest.newBuilder(URI.create(stack.outputs().get("ClosedUrl"))));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("lambda:InvokeFunctionUrl");
  }

  @Test
  void aCustomResourceGivesItsAttributes() {
    assertThat(stack.outputs()).containsEntry("Answer", "42");
  }
}
