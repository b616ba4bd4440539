package slipway.notice;

import software.amazon.awssdk.services.sns.SnsClient;

/** Notifications through an SNS topic. */
public final class TopicNotices implements Notices {
  private static final int LONGEST_SUBJECT = 100;
  private final SnsClient sns;
  private final String topic;

  public TopicNotices(SnsClient sns, String topic) {
    this.sns = sns;
    this.topic = topic;
  }

  @Override
  public void send(String subject, String text) {
    sns.publish(request -> request.topicArn(topic).subject(line(subject)).message(text));
  }

  /** SNS takes up to 100 printable ASCII characters on one line. */
  static String line(String subject) {
    var plain = subject.replace('…', '.').replaceAll("[^\\x20-\\x7e]+", " ").strip();
    return plain.length() <= LONGEST_SUBJECT
        ? plain
        : plain.substring(0, LONGEST_SUBJECT - 3) + "...";
  }
}
