package slipway.local.iam;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import slipway.json.Json;
import slipway.local.cloud.AwsService.Permission;
import slipway.local.stack.Resource;

class NeedsTest {
  private static final String ROLE = "arn:aws:iam::123456789012:role/tea-WorkerRole0123ABCD";
  private final Iam iam = new Iam();

  private static Policy policy(String name, String statements) {
    return Policy.parse(
        name, Json.parse("{\"Statement\":[" + statements.replace('\'', '"') + "]}"));
  }

  private static Resource resource(String id, String type, String properties) {
    return new Resource(id, type, Json.parse(properties.replace('\'', '"')));
  }

  /** A function's role, a canary's and a queue's policy. */
  private Needs needs(String statements) {
    var trust =
        "{'Effect':'Allow','Action':'sts:AssumeRole','Principal':{'Service':'lambda.amazonaws.com'}}";
    iam.role(ROLE, policy("trust", trust));
    iam.attach(ROLE, policy("p", statements));
    iam.role("arn:aws:iam::123456789012:role/tea-VisitorRole", policy("trust", trust));
    iam.attachToResource(
        "arn:queue",
        policy(
            "QueuePolicyDCBA3210",
            """
            {'Effect':'Allow','Action':'sqs:SendMessage','Resource':'*',
             'Principal':{'Service':'events.amazonaws.com'},
             'Condition':{'ArnEquals':{'aws:SourceArn':'arn:rule/tea-Pushed'}}},
            {'Effect':'Deny','Action':'sqs:*','Resource':'*','Principal':'*',
             'Condition':{'Bool':{'aws:SecureTransport':'false'}}}\
            """));
    iam.mayNotAssume("lambda.amazonaws.com", ROLE);
    iam.roleMayNot(ROLE, new Permission("x:Used", "arn:one"));
    iam.roleMayNot(ROLE, new Permission("x:Twice", "arn:one"));
    iam.roleMayNot(ROLE, new Permission("x:Refused", "arn:one"));
    return Needs.of(
        "tea",
        Map.of(
            "Worker",
            resource("Worker", "AWS::Lambda::Function", "{'Role': '" + ROLE + "'}"),
            "WorkerRole0123ABCD",
            resource("WorkerRole0123ABCD", "AWS::IAM::Role", "{}"),
            "VisitorRole",
            resource("VisitorRole", "AWS::IAM::Role", "{}"),
            "QueuePolicyDCBA3210",
            resource("QueuePolicyDCBA3210", "AWS::SQS::QueuePolicy", "{}")),
        iam.policies(),
        iam.journal().entries());
  }

  @Test
  void whatNoRequestNeedsIsNamedByRoleAndAction() {
    var needs =
        needs(
            """
            {'Effect':'Allow','Action':['x:Used','x:Never','x:Twice'],'Resource':'arn:one'},
            {'Effect':'Allow','Action':'x:Twice','Resource':'*'}\
            """);

    // Of what is granted twice, neither statement is needed: the other would do.
    assertThat(needs.unneeded())
        .containsExactly(
            "QueuePolicy sqs:SendMessage",
            "VisitorRole trust sts:AssumeRole",
            "WorkerRole x:Never",
            "WorkerRole x:Twice");
    assertThat(needs.statements().keySet())
        .extracting(Needs.Statement::holder)
        .containsExactlyInAnyOrder(
            "WorkerRole", "WorkerRole", "WorkerRole trust", "VisitorRole trust", "QueuePolicy");
  }

  @Test
  void whatOneStackNeedsCountsForTheOther() {
    var one = needs("{'Effect':'Allow','Action':['x:Used','x:Never'],'Resource':'*'}");
    iam.serviceMayNot(
        "events.amazonaws.com",
        new Permission(
            "sqs:SendMessage", "arn:queue", Map.of("aws:SourceArn", "arn:rule/tea-Pushed")));
    var other = needs("{'Effect':'Allow','Action':['x:Used','x:Never'],'Resource':'*'}");

    assertThat(one.and(other).unneeded())
        .containsExactly("VisitorRole trust sts:AssumeRole", "WorkerRole x:Never");
    assertThat(one.and(other).statements()).hasSameSizeAs(one.statements());
  }
}
