package slipway.local.stack;

import java.nio.file.Path;

/** A stack with the tester as a function, and one of each thing that can invoke it. */
final class FunctionsStack {
  private FunctionsStack() {}

  /**
   * Writes nothing yet.
   *
   * @param notes file to which the function notes what it got
   */
  static Assembly in(Path folder, Path notes) {
    var queueStatement =
        """
        [{'Effect': 'Allow', 'Action': ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
          'Resource': {'Fn::GetAtt': ['Work', 'Arn']}},
         {'Effect': 'Allow', 'Action': 'sqs:SendMessage', 'Resource': {'Fn::GetAtt': ['Failed', 'Arn']}}]\
        """;
    return new Assembly(folder)
        .resource("Failed", "AWS::SQS::Queue", "{'QueueName': 'failed'}")
        .resource("DeadWork", "AWS::SQS::Queue", "{'QueueName': 'dead.fifo', 'FifoQueue': true}")
        .resource(
            "Work",
            "AWS::SQS::Queue",
            """
            {'QueueName': 'work.fifo', 'FifoQueue': true, 'ContentBasedDeduplication': true,
             'VisibilityTimeout': 180, 'DelaySeconds': 5,
             'RedrivePolicy': {'deadLetterTargetArn': {'Fn::GetAtt': ['DeadWork', 'Arn']}, 'maxReceiveCount': 2}}\
            """)
        .resource(
            "Layer",
            "AWS::Lambda::LayerVersion",
            "{'Content': {'S3Bucket': 'b', 'S3Key': 'layer.zip'}}")
        .function(
            "Worker",
            queueStatement,
            "{'NOTES': '"
                + notes
                + "', 'LAYER': '/opt/note.txt', 'QUEUE': {'Fn::GetAtt': ['Work',"
                + " 'QueueName']}}",
            """
            , 'Layers': [{'Ref': 'Layer'}], 'SnapStart': {'ApplyOn': 'PublishedVersions'},
              'DeadLetterConfig': {'TargetArn': {'Fn::GetAtt': ['Failed', 'Arn']}}\
            """)
        .resource("Version", "AWS::Lambda::Version", "{'FunctionName': {'Ref': 'Worker'}}")
        .resource(
            "Live",
            "AWS::Lambda::Alias",
            """
            {'FunctionName': {'Ref': 'Worker'}, 'Name': 'live',
             'FunctionVersion': {'Fn::GetAtt': ['Version', 'Version']}}\
            """)
        .resource(
            "Mapping",
            "AWS::Lambda::EventSourceMapping",
            """
            {'EventSourceArn': {'Fn::GetAtt': ['Work', 'Arn']}, 'FunctionName': {'Ref': 'Live'}, 'BatchSize': 10,
             'FunctionResponseTypes': ['ReportBatchItemFailures'], 'ScalingConfig': {'MaximumConcurrency': 2}}\
            """)
        .resource(
            "Rule",
            "AWS::Events::Rule",
            """
            {'Name': 'pushed', 'EventPattern': {'source': ['aws.ecr'], 'detail': {'image-tag': ['live']}},
             'Targets': [{'Id': 'queue', 'Arn': {'Fn::GetAtt': ['Work', 'Arn']}, 'SqsParameters': {'MessageGroupId': 'dice'}}]}\
            """)
        .resource(
            "WorkPolicy",
            "AWS::SQS::QueuePolicy",
            """
            {'Queues': [{'Ref': 'Work'}], 'PolicyDocument': {'Statement': [
              {'Effect': 'Allow', 'Action': 'sqs:SendMessage', 'Resource': {'Fn::GetAtt': ['Work', 'Arn']},
               'Principal': {'Service': 'events.amazonaws.com'},
               'Condition': {'ArnEquals': {'aws:SourceArn': {'Fn::GetAtt': ['Rule', 'Arn']}}}}]}}\
            """)
        .resource(
            "Url",
            "AWS::Lambda::Url",
            "{'AuthType': 'NONE', 'TargetFunctionArn': {'Ref': 'Worker'}, 'Qualifier': 'live'}",
            "Live")
        .resource(
            "UrlAllowed",
            "AWS::Lambda::Permission",
            """
            {'FunctionName': {'Ref': 'Live'}, 'Principal': '*', 'Action': 'lambda:InvokeFunctionUrl',
             'FunctionUrlAuthType': 'NONE'}\
            """)
        .resource(
            "UrlAllowedToo",
            "AWS::Lambda::Permission",
            """
            {'FunctionName': {'Ref': 'Live'}, 'Principal': '*', 'Action': 'lambda:InvokeFunction',
             'InvokedViaFunctionUrl': true}\
            """)
        .resource(
            "ClosedUrl",
            "AWS::Lambda::Url",
            "{'AuthType': 'NONE', 'TargetFunctionArn': {'Ref': 'Worker'}}")
        .resource("Custom", "Custom::Thing", "{'ServiceToken': {'Ref': 'Live'}, 'Size': 3}")
        .function("Slow", "[]", "{}", ", 'Timeout': 1")
        .resource(
            "ScheduleRole",
            "AWS::IAM::Role",
            """
            {'AssumeRolePolicyDocument': {'Statement': [
               {'Effect': 'Allow', 'Action': 'sts:AssumeRole', 'Principal': {'Service': 'scheduler.amazonaws.com'}}]},
             'Policies': [{'PolicyName': 'inline', 'PolicyDocument': {'Statement': [
               {'Effect': 'Allow', 'Action': 'lambda:InvokeFunction', 'Resource': {'Ref': 'Live'}},
               {'Effect': 'Allow', 'Action': 'sqs:SendMessage', 'Resource': {'Fn::GetAtt': ['Work', 'Arn']}}]}}]}\
            """)
        .resource(
            "Hourly",
            "AWS::Scheduler::Schedule",
            """
            {'Name': 'hourly', 'ScheduleExpression': 'rate(10 days)', 'FlexibleTimeWindow': {'Mode': 'OFF'},
             'Target': {'Arn': {'Ref': 'Live'}, 'RoleArn': {'Fn::GetAtt': ['ScheduleRole', 'Arn']},
                        'Input': '{\\'do\\': \\'note\\', \\'text\\': \\'scheduled\\'}'}}\
            """)
        .resource(
            "Repair",
            "AWS::Scheduler::Schedule",
            """
            {'Name': 'repair', 'ScheduleExpression': 'rate(10 days)', 'FlexibleTimeWindow': {'Mode': 'OFF'},
             'Target': {'Arn': {'Fn::GetAtt': ['Work', 'Arn']}, 'RoleArn': {'Fn::GetAtt': ['ScheduleRole', 'Arn']},
                        'SqsParameters': {'MessageGroupId': 'mended'},
                        'Input': '<aws.scheduler.schedule-arn> <aws.scheduler.scheduled-time> <aws.scheduler.execution-id> <aws.scheduler.attempt-number>'}}\
            """)
        .resource(
            "UnallowedRepair",
            "AWS::Scheduler::Schedule",
            """
            {'Name': 'unallowed-repair', 'ScheduleExpression': 'rate(10 days)', 'FlexibleTimeWindow': {'Mode': 'OFF'},
             'Target': {'Arn': {'Fn::GetAtt': ['Failed', 'Arn']}, 'RoleArn': {'Fn::GetAtt': ['ScheduleRole', 'Arn']},
                        'Input': 'not allowed'}}\
            """)
        .resource(
            "Unallowed",
            "AWS::Scheduler::Schedule",
            """
            {'Name': 'unallowed', 'ScheduleExpression': 'cron(0 3 * * ? *)', 'FlexibleTimeWindow': {'Mode': 'OFF'},
             'Target': {'Arn': {'Fn::GetAtt': ['Slow', 'Arn']}, 'RoleArn': {'Fn::GetAtt': ['ScheduleRole', 'Arn']}}}\
            """)
        .output("Answer", "{'Fn::GetAtt': ['Custom', 'Answer']}")
        .output("Url", "{'Fn::GetAtt': ['Url', 'FunctionUrl']}")
        .output("ClosedUrl", "{'Fn::GetAtt': ['ClosedUrl', 'FunctionUrl']}")
        .output("Queue", "{'Ref': 'Work'}");
  }
}
