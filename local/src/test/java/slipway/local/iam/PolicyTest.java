package slipway.local.iam;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import slipway.json.Json;
import slipway.local.cloud.AwsService.Permission;

class PolicyTest {
  private static final String ROLE = "arn:aws:iam::123456789012:role/r";

  private static Iam iam(String statements) {
    var iam = new Iam();
    iam.role(ROLE, Policy.parse("trust", Json.parse("{}")));
    iam.attach(
        ROLE,
        Policy.parse("p", Json.parse("{\"Statement\":[" + statements.replace('\'', '"') + "]}")));
    return iam;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ecs:UpdateService | arn:s/c/dice  | true",
        "ECS:updateservice | arn:s/c/dice  | true",
        "ecs:UpdateService | arn:s/c/other | false",
        "ecs:DescribeTasks | arn:any       | true",
        "ecs:DeleteService | arn:s/c/dice  | false",
        "s3:GetObject      | arn:aws:s3:::b/k | true",
        "s3:GetObject      | arn:aws:s3:::b/secret/k | false",
      })
  void allowsAndDenies(String action, String resource, boolean allowed) {
    var iam =
        iam(
            """
            {'Effect':'Allow','Action':'ecs:UpdateService','Resource':'arn:s/c/dice'},
            {'Effect':'Allow','Action':['ecs:Describe*'],'Resource':'*'},
            {'Effect':'Allow','Action':'s3:*','Resource':'arn:aws:s3:::b/*'},
            {'Effect':'Deny','Action':'s3:*','Resource':'arn:aws:s3:::b/secret/?'}\
            """);
    assertThat(iam.roleMayNot(ROLE, new Permission(action, resource)).isEmpty()).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'StringEquals':{'iam:PassedToService':'ecs-tasks.amazonaws.com'}} | true",
        "{'StringEquals':{'iam:PassedToService':['a','b']}}                 | false",
        "{'StringLike':{'IAM:passedtoservice':'ecs-*'}}                     | true",
        "{'StringNotEquals':{'iam:PassedToService':'x'}}                    | true",
        "{'ArnEquals':{'ecs:cluster':'arn:aws:ecs:*:*:cluster/c'}}          | true",
        "{'ArnLike':{'ecs:cluster':'arn:aws:ecs:*:*:cluster/d'}}            | false",
        "{'StringEquals':{'aws:RequestTag/x':'y'}}                          | false",
        "{'StringEqualsIfExists':{'aws:RequestTag/x':'y'}}                  | true",
        "{'Bool':{'aws:SecureTransport':true}}                              | true",
        "{'Null':{'aws:RequestTag/x':'true'}}                               | true",
        "{'DateLessThan':{'aws:CurrentTime':'2030-01-01'}}                  | false",
      })
  void conditions(String condition, boolean allowed) {
    var iam = iam("{'Effect':'Allow','Action':'x:Y','Resource':'*','Condition':" + condition + "}");
    var permission =
        new Permission(
            "x:Y",
            "arn",
            Map.of(
                "iam:PassedToService", "ecs-tasks.amazonaws.com",
                "ecs:cluster", "arn:aws:ecs:ap-northeast-1:123456789012:cluster/c"));
    assertThat(iam.roleMayNot(ROLE, permission).isEmpty()).isEqualTo(allowed);
  }

  @Test
  void anOperatorThatIsNotPlayedIsNamed() {
    var iam =
        iam(
            "{'Effect':'Allow','Action':'*','Resource':'*','Condition':{'IpAddress':{'aws:SourceIp':'::1'}}}");
    assertThat(iam.roleMayNot(ROLE, new Permission("x:Y", "*")).orElseThrow())
        .contains("condition operator IpAddress is none that local plays");
  }

  @Test
  void aServiceNeedsTheResourcesOwnPolicy() {
    var iam = new Iam();
    var permission =
        new Permission("sqs:SendMessage", "arn:q", Map.of("aws:SourceArn", "arn:rule"));
    assertThat(iam.serviceMayNot("events.amazonaws.com", permission)).isPresent();
    iam.attachToResource(
        "arn:q",
        Policy.parse(
            "queue",
            Json.parse(
                """
                {"Statement": {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:q",
                  "Principal": {"Service": "events.amazonaws.com"},
                  "Condition": {"ArnEquals": {"aws:SourceArn": "arn:rule"}}}}\
                """)));
    assertThat(iam.serviceMayNot("events.amazonaws.com", permission)).isEmpty();
    assertThat(
            iam.serviceMayNot(
                "events.amazonaws.com",
                new Permission("sqs:SendMessage", "arn:q", Map.of("aws:SourceArn", "arn:other"))))
        .isPresent();
    assertThat(iam.serviceMayNot("sns.amazonaws.com", permission)).isPresent();
  }

  private static final String TWO =
      """
      {'Effect':'Allow','Action':['sqs:SendMessage','sqs:ReceiveMessage'],'Resource':'arn:q'},
      {'Effect':'Allow','Action':'sqs:SendMessage','Resource':'*'}\
      """;

  @Test
  void whatIsAllowedNamesEveryStatementThatAllowsIt() {
    var iam = iam(TWO);
    iam.roleMayNot(ROLE, new Permission("sqs:SendMessage", "arn:q"));
    iam.roleMayNot(ROLE, new Permission("sqs:SendMessage", "arn:other"));
    iam.roleMayNot(ROLE, new Permission("sqs:PurgeQueue", "arn:q"));

    assertThat(iam.journal().entries())
        .extracting(Journal.Entry::decision)
        .satisfiesExactly(
            both -> assertThat(numbers(both)).containsExactly(0, 1),
            one -> assertThat(numbers(one)).containsExactly(1),
            none ->
                assertThat(none)
                    .isEqualTo(
                        new Decision.Refused(
                            "because no identity-based policy allows the sqs:PurgeQueue action")));
  }

  private static List<Integer> numbers(Decision decision) {
    return ((Decision.Allowed) decision).by().stream().map(Grant::number).toList();
  }

  @Test
  void withoutAStatementOnlyWhatNoOtherAllowsIsRefused() {
    var policies = iam(TWO).policies();
    var narrow = policies.grants().stream().filter(g -> g.number() == 0 && g.holder().equals(ROLE));
    var first = narrow.findFirst().orElseThrow();
    var sends = new Request("AWS", ROLE, "sqs:SendMessage", "arn:q", Map.of());
    var receives = new Request("AWS", ROLE, "sqs:ReceiveMessage", "arn:q", Map.of());

    var rest = policies.without(first);

    assertThat(policies.judge(receives)).isInstanceOf(Decision.Allowed.class);
    assertThat(rest.judge(receives)).isInstanceOf(Decision.Refused.class);
    assertThat(rest.judge(sends)).isInstanceOf(Decision.Allowed.class);
    assertThat(policies.without(first, "sqs:SendMessage").judge(receives))
        .isInstanceOf(Decision.Allowed.class);
    assertThat(policies.without(first, "sqs:ReceiveMessage").judge(receives))
        .isInstanceOf(Decision.Refused.class);
    assertThat(policies.judge(receives)).isInstanceOf(Decision.Allowed.class);
  }

  @Test
  void aRoleIsAssumedByWhomItTrustsAsLongAsItStands() {
    var iam = new Iam();
    var trust =
        """
        {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
          "Principal": {"Service": "lambda.amazonaws.com"}}}\
        """;
    assertThat(iam.mayNotAssume("lambda.amazonaws.com", ROLE))
        .contains("because the role " + ROLE + " does not exist");
    iam.role(ROLE, Policy.parse("trust", Json.parse(trust)));
    assertThat(iam.mayNotAssume("lambda.amazonaws.com", ROLE)).isEmpty();
    assertThat(iam.mayNotAssume("scheduler.amazonaws.com", ROLE))
        .contains("because the role " + ROLE + " does not trust scheduler.amazonaws.com");
    iam.removeRole(ROLE);
    assertThat(iam.mayNotAssume("lambda.amazonaws.com", ROLE)).isPresent();
  }

  @Test
  void aPolicyTakesThePlaceOfTheOneOfItsName() {
    var iam = iam("{'Effect':'Allow','Action':'x:Old','Resource':'*'}");
    iam.attach(
        ROLE,
        Policy.parse(
            "p",
            Json.parse(
                "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"x:New\",\"Resource\":\"*\"}}")));
    assertThat(iam.roleMayNot(ROLE, new Permission("x:New", "*"))).isEmpty();
    assertThat(iam.roleMayNot(ROLE, new Permission("x:Old", "*"))).isPresent();
    iam.detach(ROLE, "p");
    assertThat(iam.roleMayNot(ROLE, new Permission("x:New", "*"))).isPresent();
  }

  @Test
  void theJournalKeepsEachRequestOnceAndTellsWhatFoundNoRoom() {
    var journal = new Journal(1);
    var one = new Request("AWS", ROLE, "x:Y", "*", Map.of());
    var decision = new Decision.Refused("why");
    journal.note(one, decision);
    journal.note(one, decision);
    assertThat(journal.entries()).containsExactly(new Journal.Entry(one, decision));
    assertThat(journal.dropped()).isZero();
    journal.note(new Request("AWS", ROLE, "x:Z", "*", Map.of()), decision);
    assertThat(journal.entries()).hasSize(1);
    assertThat(journal.dropped()).isEqualTo(1);
  }
}
