package slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static slipway.infra.Synthesized.only;
import static slipway.infra.Synthesized.referredTo;
import static slipway.infra.Synthesized.resources;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import slipway.config.Setting;
import slipway.infra.Synthesized.Resource;
import slipway.json.Json;

/** That what the template names is there, and fits. */
class WiringTest {

  static Iterable<String> handlers() {
    return resources("AWS::Lambda::Function").stream()
        .map(function -> function.text("Handler"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("handlers")
  void aHandlerIsAClassThatLambdaCanCall(String handler) throws ClassNotFoundException {
    assertThat(Class.forName(handler).getInterfaces())
        .containsAnyOf(RequestHandler.class, RequestStreamHandler.class);
  }

  @ParameterizedTest
  @MethodSource("handlers")
  @SuppressWarnings("unchecked")
  void aFunctionGetsTheSettingsThatItReads(String handler) throws ReflectiveOperationException {
    var reads = (Set<Setting>) Class.forName(handler).getField("SETTINGS").get(null);
    var known = Set.of(Setting.values()).stream().map(Setting::name).collect(Collectors.toSet());
    var gets = new TreeSet<>(function(handler).at("Environment", "Variables").members().keySet());
    gets.retainAll(known);
    assertThat(gets)
        .containsExactlyInAnyOrderElementsOf(reads.stream().map(Setting::name).toList());
  }

  @ParameterizedTest
  @MethodSource("handlers")
  void aFunctionRunsOnJava25WithSnapStartBehindItsAlias(String handler) {
    var function = function(handler);
    assertThat(function.text("Runtime")).isEqualTo("java25");
    assertThat(function.at("Architectures").items())
        .singleElement()
        .satisfies(architecture -> assertThat(architecture.text()).isEqualTo("arm64"));
    assertThat(function.text("SnapStart", "ApplyOn")).isEqualTo("PublishedVersions");
    assertThat(function.text("TracingConfig", "Mode")).isEqualTo("Active");
    assertThat(function.at("ReservedConcurrentExecutions").missing()).isTrue();
    assertThat(alias(function).text("Name")).isEqualTo("live");
  }

  @Test
  void eachFunctionHasARoleOfItsOwn() {
    assertThat(resources("AWS::Lambda::Function"))
        .extracting(function -> function.text("Role"))
        .doesNotHaveDuplicates();
  }

  @Test
  void everyCallerCallsAnAlias() {
    var targets =
        resources("AWS::Events::Rule").stream()
            .flatMap(rule -> rule.at("Targets").items().stream())
            .map(target -> target.at("Arn").text())
            .filter(arn -> !referredTo(arn).type().equals("AWS::SQS::Queue"));
    assertThat(targets)
        .hasSize(1)
        .allSatisfy(arn -> assertThat(referredTo(arn).type()).isEqualTo("AWS::Lambda::Alias"));
    assertThat(resources("AWS::Lambda::EventSourceMapping"))
        .hasSize(3)
        .allSatisfy(
            mapping -> {
              assertThat(mapping.text("FunctionName")).endsWith(":live");
              assertThat(mapping.at("ScalingConfig", "MaximumConcurrency").integer(2, 9))
                  .isEqualTo(2);
              assertThat(mapping.at("FunctionResponseTypes").items())
                  .extracting(type -> type.text())
                  .containsExactly("ReportBatchItemFailures");
            });
    assertThat(resources("AWS::Scheduler::Schedule"))
        .extracting(schedule -> referredTo(schedule.text("Target", "Arn")).type())
        .containsExactlyInAnyOrder("AWS::Lambda::Alias", "AWS::SQS::Queue", "AWS::SQS::Queue");
    assertThat(referredTo(only("Custom::SlipwayRelease").text("ServiceToken")).type())
        .isEqualTo("AWS::Lambda::Alias");
    assertThat(only("AWS::Lambda::Url").text("Qualifier")).isEqualTo("live");
  }

  @Test
  void theWebhookIsPublicByBothPermissions() {
    var open =
        resources("AWS::Lambda::Permission").stream()
            .filter(permission -> permission.text("Principal").equals("*"))
            .toList();
    assertThat(open)
        .extracting(permission -> permission.text("Action"))
        .containsExactlyInAnyOrder("lambda:InvokeFunctionUrl", "lambda:InvokeFunction");
    assertThat(open)
        .allSatisfy(
            permission ->
                assertThat(
                        permission.at("InvokedViaFunctionUrl").value() == Boolean.TRUE
                            || permission.text("FunctionUrlAuthType").equals("NONE"))
                    .isTrue());
  }

  @Test
  void aQueuesMessageIsInvisibleLongerThanItsFunctionRuns() {
    assertThat(resources("AWS::Lambda::EventSourceMapping"))
        .allSatisfy(
            mapping -> {
              int visibility =
                  referredTo(mapping.text("EventSourceArn"))
                      .at("VisibilityTimeout")
                      .integer(0, 43200);
              assertThat(visibility).isGreaterThan(consumer(mapping).at("Timeout").integer(1, 900));
            });
  }

  @Test
  void anAuditIsAloneAndGoesOnWhereOneInvocationIsTooShort() {
    var schedule = schedule("audit of SLOs");
    assertThat(schedule.text("ScheduleExpression")).isEqualTo("cron(0 * * * ? *)");
    assertThat(schedule.text("ScheduleExpressionTimezone")).isEqualTo("Asia/Tokyo");
    var target = schedule.at("Target");
    assertThat(target.at("SqsParameters").at("MessageGroupId").text()).isEqualTo("audit");
    assertThat(Json.parse(target.at("Input").text()).value())
        .isEqualTo(Map.of("audit", "scheduled", "at", "<aws.scheduler.scheduled-time>"));
    var queue = referredTo(target.at("Arn").text());
    assertThat(queue.text("QueueName")).isEqualTo("slipway-audits.fifo");
    assertThat(queue.at("ContentBasedDeduplication").flag()).isTrue();
    var dead = referredTo(queue.text("RedrivePolicy", "deadLetterTargetArn"));
    assertThat(dead.at("FifoQueue").flag()).isTrue();
    var mapping =
        only(
            "AWS::Lambda::EventSourceMapping",
            it -> referredTo(it.text("EventSourceArn")).id().equals(queue.id()));
    assertThat(mapping.at("BatchSize").integer(1, 10)).isEqualTo(1);
    assertThat(consumer(mapping).text("Handler")).isEqualTo("slipway.audit.AuditFunction");
  }

  @Test
  void everyAsynchronousPathEndsInADeadLetterQueueWithAnAlarm() {
    var dead = new TreeSet<String>();
    for (var queue : resources("AWS::SQS::Queue"))
      if (!queue.at("RedrivePolicy").missing())
        dead.add(queue.text("RedrivePolicy", "deadLetterTargetArn"));
    for (var rule : resources("AWS::Events::Rule"))
      for (var target : rule.at("Targets").items())
        dead.add(target.at("DeadLetterConfig").at("Arn").text());
    for (var invoke : resources("AWS::Lambda::EventInvokeConfig"))
      dead.add(invoke.text("DestinationConfig", "OnFailure", "Destination"));
    for (var schedule : resources("AWS::Scheduler::Schedule"))
      dead.add(schedule.text("Target", "DeadLetterConfig", "Arn"));
    assertThat(dead).hasSize(4);
    assertThat(resources("AWS::Lambda::EventInvokeConfig")).hasSize(4);
    var watched =
        resources("AWS::CloudWatch::Alarm").stream()
            .filter(
                alarm ->
                    alarm.at("Namespace").value() instanceof String text && text.equals("AWS/SQS"))
            .map(alarm -> alarm.at("Dimensions").items().getFirst().at("Value").text())
            .map(name -> referredTo(name).id())
            .toList();
    assertThat(dead).allSatisfy(arn -> assertThat(watched).contains(referredTo(arn).id()));
    assertThat(resources("AWS::CloudWatch::Alarm"))
        .allSatisfy(
            alarm ->
                assertThat(referredTo(alarm.at("AlarmActions").items().getFirst().text()).type())
                    .isEqualTo("AWS::SNS::Topic"));
  }

  @Test
  void rolloutsOfAServiceGoOneAtATime() {
    var rule = only("AWS::Events::Rule", r -> r.text("Description").contains("got the tag"));
    var target = rule.at("Targets").items().getFirst();
    assertThat(target.at("SqsParameters").at("MessageGroupId").text()).isEqualTo("dice");
    var queue = referredTo(target.at("Arn").text());
    assertThat(queue.text("QueueName")).isEqualTo("slipway-rollouts.fifo");
    assertThat(queue.at("ContentBasedDeduplication").flag()).isTrue();
    assertThat(queue.at("DelaySeconds").integer(0, 900)).isEqualTo(5);
    assertThat(queue.at("VisibilityTimeout").integer(0, 43200)).isEqualTo(180);
    assertThat(queue.at("RedrivePolicy", "maxReceiveCount").integer(1, 1000)).isEqualTo(20);
  }

  @Test
  void repairsOfAServiceWaitTheirTurnAndNoTwoAreTakenForOne() {
    var schedule = schedule("no event told of dice");
    assertThat(schedule.text("ScheduleExpression")).isEqualTo("rate(15 minutes)");
    var target = schedule.at("Target");
    assertThat(referredTo(target.at("Arn").text()).text("QueueName"))
        .isEqualTo("slipway-rollouts.fifo");
    assertThat(target.at("SqsParameters").at("MessageGroupId").text()).isEqualTo("dice");
    assertThat(Json.parse(target.at("Input").text()).value())
        .isEqualTo(Map.of("reconcile", "dice", "why", "schedule <aws.scheduler.scheduled-time>"));
  }

  @Test
  void lostWebhooksAreLookedForByARunThatHasAName() {
    var schedule = schedule("webhook was lost");
    assertThat(schedule.text("ScheduleExpression")).isEqualTo("rate(15 minutes)");
    var alias = referredTo(schedule.text("Target", "Arn"));
    assertThat(alias.id()).isEqualTo(alias(function("slipway.github.SourceFunction")).id());
    assertThat(Json.parse(schedule.text("Target", "Input")).value())
        .isEqualTo(Map.of("sources", "<aws.scheduler.scheduled-time>"));
  }

  @Test
  void schedulesMayCallWhatTheyCallAndNothingElse() {
    var role = referredTo(schedule("webhook was lost").text("Target", "RoleArn")).id();
    var policy =
        only(
            "AWS::IAM::Policy",
            p -> referredTo(p.at("Roles").items().getFirst().text()).id().equals(role));
    var may = new TreeSet<String>();
    for (var statement : policy.at("PolicyDocument", "Statement").items())
      if (statement.at("Resource").value() instanceof String one) may.add(one);
      else statement.at("Resource").items().forEach(resource -> may.add(resource.text()));
    var calls = new TreeSet<String>();
    for (var schedule : resources("AWS::Scheduler::Schedule")) {
      calls.add(schedule.text("Target", "Arn"));
      calls.add(schedule.text("Target", "DeadLetterConfig", "Arn"));
    }
    assertThat(may).isEqualTo(calls);
  }

  @Test
  void theSloFunctionKnowsHowOftenItIsAsked() {
    var queue = only("AWS::SQS::Queue", q -> q.text("QueueName").equals("slipway-slos"));
    assertThat(
            function("slipway.slo.SloFunction")
                .text("Environment", "Variables", "SLIPWAY_SLO_ATTEMPTS"))
        .isEqualTo(queue.at("RedrivePolicy", "maxReceiveCount").value().toString());
  }

  @Test
  void theRolloutFunctionKnowsWhereItsServiceAnswers() {
    assertThat(
            function("slipway.rollout.RolloutFunction")
                .text("Environment", "Variables", "SLIPWAY_ADDRESSES"))
        .isEqualTo(
            "{\"dice\":\"http://${%s.DNSName}\"}"
                .formatted(only("AWS::ElasticLoadBalancingV2::LoadBalancer").id()));
  }

  /** A load balancer takes minutes to make, and the first build need not wait for it. */
  @Test
  void aServiceWaitsForItsFirstReleaseAndThatForNoLoadBalancer() {
    var release = only("Custom::SlipwayRelease").id();
    var balancer = only("AWS::ElasticLoadBalancingV2::LoadBalancer").id();
    assertThat(awaited(only("AWS::ECS::Service"))).contains(release, balancer);
    assertThat(awaited(referredTo("${" + release + "}"))).doesNotContain(balancer);
  }

  @Test
  void nothingWaitsForItself() {
    assertThat(resources())
        .allSatisfy(resource -> assertThat(awaited(resource)).doesNotContain(resource.id()));
  }

  /** Ids of all that must stand before the resource can be made. */
  private static Set<String> awaited(Resource resource) {
    var awaited = new TreeSet<String>();
    var next = new ArrayDeque<>(List.of(resource));
    while (!next.isEmpty())
      next.remove()
          .waitsFor()
          .filter(awaited::add)
          .forEach(id -> next.add(referredTo("${" + id + "}")));
    return awaited;
  }

  private static Resource schedule(String description) {
    return only("AWS::Scheduler::Schedule", s -> s.text("Description").contains(description));
  }

  /** The function that a queue's messages are given to. */
  private static Resource consumer(Resource mapping) {
    return referredTo(referredTo(mapping.text("FunctionName")).text("FunctionName"));
  }

  private static Resource function(String handler) {
    return only("AWS::Lambda::Function", f -> f.text("Handler").equals(handler));
  }

  private static Resource alias(Resource function) {
    return only(
        "AWS::Lambda::Alias",
        alias -> referredTo(alias.text("FunctionName")).id().equals(function.id()));
  }
}
