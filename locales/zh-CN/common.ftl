# 页面框架、通用词、登录、工作台

skip = 跳到正文
menu = 菜单
nav = 主导航
home = 工作台
home-go = 返回工作台
search = 搜索
search-hint = 搜索个人、客户、料号
user-menu = 个人菜单
oath = 你在此查看的内容均有记录
recorded = 本次查看已记录：条目 { $entry }，{ $at }
close = 关闭
more = 更多
on = 开
off = 关
yes = 是
no = 否
any = 不限
email = 电子邮箱
password = 密码
required = 必填
save = 保存
cancel = 取消
edit = 编辑
export = 导出
import = 导入
list-comma = 、

language = 语言
theme = 主题
theme-auto = 跟随系统
theme-light = 浅色
theme-dark = 深色
density = 行距
density-compact = 紧凑
density-normal = 标准
density-roomy = 宽松
keys = 单键快捷键
keys-show = 键盘快捷键
key-search = 搜索
key-new = 新建记录
key-edit = 编辑当前记录
key-next-row = 下一行
key-previous-row = 上一行
key-next-page = 下一页
key-previous-page = 上一页
key-save = 保存
key-help = 显示快捷键
sign-out = 退出登录

sign-in = 登录
sign-in-wrong = 邮箱或密码不正确，请核对后重试。
sign-in-ended = 会话已结束，请重新登录后继续。
sign-in-wait = 尝试次数过多，请在 { $n } 秒后重试。
promise = 无目的不留存，无权限不可读，凡读取必留痕。

recent = 最近
recent-empty = 暂无记录
recent-empty-help = 你打开或修改过的记录会显示在这里。
your-access = 我的权限

ago-now = 刚刚
ago-minutes = { $n } 分钟前
ago-hours = { $n } 小时前
days-today = 今天
days-left = 还剩 { $n } 天
days-late = 逾期 { $n } 天

state-late = 逾期
state-soon = 即将到期
state-on-time = 按期
state-hold = 保留中
state-done = 已完成
state-revealed = 已显示明文
state-erased = 已擦除
state-provisional = 待确认
