package slipway.infra;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import slipway.config.Config;
import slipway.config.Service;
import slipway.config.ServiceName;
import slipway.config.Setting;
import slipway.config.Strategy;
import slipway.json.Json;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.applicationsignals.CfnDiscovery;
import software.amazon.awscdk.services.ecr.Repository;
import software.constructs.Construct;
import software.constructs.IDependable;

/** Everything that Slipway is on AWS; only wires its parts. */
final class SlipwayStack extends Stack {
  /**
   * @param code folder with the functions' classes and libraries
   * @param layer folder with the functions' configuration, slipway.json
   */
  record Inputs(Config config, Path code, Path layer) {}

  SlipwayStack(Construct scope, Inputs inputs) {
    super(
        scope,
        inputs.config().stack(),
        StackProps.builder()
            .stackName(inputs.config().stack())
            .description(
                "Slipway: a git push to "
                    + inputs.config().github().repository()
                    + ", and minutes later it serves on ECS Fargate")
            .build());
    var config = inputs.config();
    var token = config.github().tokenSecret().map(name -> GitHubToken.of(this, name));
    var network =
        new Network(
            this, new Network.Inputs(config.stack(), config.natGateways(), config.insights()));
    var images =
        new Images(this, new Images.Inputs(config.services(), config.github().deployTag()));
    var logs = new AccessLogs(this);
    var state = new State(this, new State.Inputs(logs));
    var alerts = new Alerts(this);
    var queues = new Queues(this, new Queues.Inputs(config.stack()));
    alerts.watch(queues.dead());
    var builds = new Builds(this, new Builds.Inputs(config, token, images.all()));
    var places = new LinkedHashMap<Service, Construct>();
    var balancers = new LinkedHashMap<Service, Balancer>();
    for (var service : config.services()) {
      var place = new Construct(this, service.name().value());
      places.put(service, place);
      balancers.put(service, new Balancer(place, new Balancer.Inputs(service, network, logs)));
    }
    var parts = new ArrayList<Part>();
    places.forEach(
        (service, place) ->
            parts.add(
                new Part(
                    place,
                    service,
                    new Template(
                        place,
                        new Template.Inputs(
                            config.stack(),
                            service,
                            images,
                            config.github().deployTag(),
                            neighbours(service, balancers))),
                    balancers.get(service))));
    var permissions = permissions(config, token, parts, images, state, alerts, queues, builds);
    var deployer =
        new Deployer(
            this,
            new Deployer.Inputs(
                config.stack(),
                inputs.code(),
                inputs.layer(),
                settings(config, token, state, alerts, queues, builds, parts),
                permissions,
                queues.deadEvents));
    var events =
        new Events(
            this, new Events.Inputs(config, deployer, queues, builds.project.getProjectName()));
    var discovery = CfnDiscovery.Builder.create(this, "Discovery").build();
    for (var part : parts) {
      // A first release is made by all of these together, and nothing in the template says so.
      // Not by the rollout function: it waits for load balancers, and its messages wait for it.
      var readiness =
          List.<IDependable>of(
              deployer.firstRelease,
              deployer.build,
              events,
              builds,
              images,
              queues,
              part.template());
      var burns =
          new BurnAlarms(
              part.scope(), new BurnAlarms.Inputs(config.stack(), part.service(), alerts.topic));
      var service =
          new BalancedService(
              part.scope(),
              new BalancedService.Inputs(
                  part.service(),
                  network,
                  part.template(),
                  part.balancer(),
                  deployer.firstRelease,
                  burns.fast,
                  readiness));
      service.service.getNode().addDependency(discovery);
      var address = part.balancer().address();
      part.service()
          .canary()
          .ifPresent(
              canary ->
                  new Visitor(
                      part.scope(),
                      new Visitor.Inputs(
                          config.stack(), part.service(), canary, address, state.reports)));
      output(
          config.services().size() == 1
              ? "LoadBalancerUrl"
              : "LoadBalancerUrl" + title(part.service().name()),
          "Where " + part.service().name() + " answers",
          address);
    }
    output("WebhookUrl", "For the webhook in GitHub's settings", deployer.webhookUrl.getUrl());
    output("WebhookSecretArn", "Where the webhook's secret is", state.webhookSecret.getSecretArn());
    output("TopicArn", "To subscribe to for notifications", alerts.topic.getTopicArn());
    output("ReportsBucket", "Where audit reports go", state.reports.getBucketName());
    output("ProjectName", "What builds the images", builds.project.getProjectName());
    output(
        "OperatorFunctionName",
        "For status, history, pin, rollback and freeze by aws lambda invoke",
        deployer.operator.alias.getFunctionName());
    output(
        "AuditFunctionName",
        "For an audit now, by aws lambda invoke with {\"audit\":\"why\"}",
        deployer.audit.alias.getFunctionName());
    output(
        "RolloutQueueUrl", "Who asks here has a service reconciled", queues.rollouts.getQueueUrl());
  }

  /** Where the other services answer, as the environment tells it: {@code CUSTOMERS_URL}. */
  private static Map<String, String> neighbours(Service service, Map<Service, Balancer> balancers) {
    var addresses = new LinkedHashMap<String, String>();
    balancers.forEach(
        (other, balancer) -> {
          if (other != service)
            addresses.put(
                other.name().value().replace('-', '_').toUpperCase(Locale.ROOT) + "_URL",
                balancer.address());
        });
    return addresses;
  }

  private record Part(Construct scope, Service service, Template template, Balancer balancer) {}

  private Permissions permissions(
      Config config,
      Optional<GitHubToken> token,
      List<Part> parts,
      Images images,
      State state,
      Alerts alerts,
      Queues queues,
      Builds builds) {
    return new Permissions(
        this,
        config.stack(),
        config.services().stream().map(Service::name).map(ServiceName::value).toList(),
        config.services().stream()
            .filter(service -> service.strategy() instanceof Strategy.Shifting)
            .map(service -> service.name().value())
            .toList(),
        parts.stream()
            .map(part -> part.template().definition)
            .flatMap(
                task ->
                    List.of(
                        task.getTaskRole().getRoleArn(), task.obtainExecutionRole().getRoleArn())
                        .stream())
            .toList(),
        state.table.getTableArn(),
        alerts.topic.getTopicArn(),
        alerts.key.getKeyArn(),
        builds.project.getProjectArn(),
        state.webhookSecret.getSecretArn(),
        state.reports.getBucketArn(),
        queues.rollouts.getQueueArn(),
        queues.slos.getQueueArn(),
        images.all().stream().map(Repository::getRepositoryArn).toList(),
        token);
  }

  private static Map<Setting, String> settings(
      Config config,
      Optional<GitHubToken> token,
      State state,
      Alerts alerts,
      Queues queues,
      Builds builds,
      List<Part> parts) {
    var values = new EnumMap<Setting, String>(Setting.class);
    values.put(Setting.SLIPWAY_CONFIG, "/opt/slipway.json");
    values.put(Setting.SLIPWAY_TABLE, state.table.getTableName());
    values.put(Setting.SLIPWAY_TOPIC, alerts.topic.getTopicArn());
    values.put(Setting.SLIPWAY_PROJECT, builds.project.getProjectName());
    values.put(Setting.SLIPWAY_WEBHOOK_SECRET, state.webhookSecret.getSecretArn());
    token.ifPresent(secret -> values.put(Setting.SLIPWAY_GITHUB_TOKEN, secret.arn()));
    values.put(Setting.GITHUB_API_URL, config.github().api().toString());
    values.put(Setting.SLIPWAY_ROLLOUT_QUEUE, queues.rollouts.getQueueUrl());
    values.put(Setting.SLIPWAY_SLO_QUEUE, queues.slos.getQueueUrl());
    values.put(Setting.SLIPWAY_SLO_ATTEMPTS, String.valueOf(Queues.SLO_ATTEMPTS));
    var addresses = new LinkedHashMap<String, String>();
    parts.forEach(part -> addresses.put(part.service().name().value(), part.balancer().address()));
    values.put(Setting.SLIPWAY_ADDRESSES, Json.write(addresses));
    values.put(Setting.SLIPWAY_REPORTS, state.reports.getBucketName());
    return values;
  }

  private void output(String id, String description, String value) {
    CfnOutput.Builder.create(this, id).description(description).value(value).build();
  }

  /** Logical ids are letters and digits only: {@code my-dice} gives {@code MyDice}. */
  private static String title(ServiceName name) {
    var title = new StringBuilder();
    for (var word : name.value().split("-"))
      title.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    return title.toString();
  }
}
